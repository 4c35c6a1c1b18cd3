package acctest

import (
	"strings"
	"testing"
)

func TestCLI_unsupported(t *testing.T) {
	t.Parallel()
	const identity = "resource \"ory_identity\" \"a\" {\n  schema_id = \"x\"\n}\n"
	for name, test := range map[string]struct {
		cli, configuration, want string // a part of the reason; empty: supported
	}{
		"plain":                 {"Terraform v1.5.7", identity, ""},
		"comment":               {"Terraform v1.5.7", "# provider::ory::identifiers and\n  // value_wo = 1\n" + identity, ""},
		"literal import":        {"Terraform v1.5.7", "import {\n  to = ory_identity.a\n  id = \"x\"\n}\n", ""},
		"import by expression":  {"Terraform v1.5.7", "import {\n  to = ory_identity.a\n  id = var.id\n}\n", "Terraform 1.6"},
		"import of many":        {"OpenTofu v1.6.3", "import {\n  for_each = var.ids\n  to = a.b\n  id = \"x\"\n}\n", "OpenTofu 1.7"},
		"import by identity":    {"OpenTofu v1.10.10", "import {\n  to = a.b\n  identity = {\n    id = 1\n  }\n}\n", "OpenTofu 1.12"},
		"forgotten, Terraform":  {"Terraform v1.8.5", "removed {\n  from = a.b\n  lifecycle {\n    destroy = false\n  }\n}\n", ""},
		"forgotten, OpenTofu":   {"OpenTofu v1.11.0", "removed {\n  from = a.b\n  lifecycle {\n    destroy = false\n  }\n}\n", "1.12"},
		"function, Terraform":   {"Terraform v1.7.0", "output \"x\" {\n  value = provider::ory::f()\n}\n", "Terraform 1.8"},
		"function, OpenTofu":    {"OpenTofu v1.7.0", "output \"x\" {\n  value = provider::ory::f()\n}\n", ""},
		"write-only":            {"OpenTofu v1.10.10", "  value_wo = 1\n", "write-only attributes need"},
		"version alone":         {"OpenTofu v1.10.10", "  wo_version = 1\n", ""},
		"action":                {"Terraform v1.14.0", "action \"x\" \"y\" {}\n", ""},
		"action, OpenTofu":      {"OpenTofu v1.99.0", "action \"x\" \"y\" {}\n", "OpenTofu has none"},
		"ephemeral variable":    {"Terraform v1.9.8", "variable \"x\" {\n  ephemeral = true\n}\n", "Terraform 1.10"},
		"ephemeral resource":    {"Terraform v1.10.0", "ephemeral \"x\" \"y\" {}\n", ""},
		"release candidate":     {"Terraform v1.14.0-rc1", "list \"x\" \"y\" {}\n", ""},
		"development of future": {"OpenTofu v1.13.0-dev", "list \"x\" \"y\" {}\n", "terraform query"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cli, err := parseVersion(test.cli + "\non linux_amd64\n")
			if err != nil {
				t.Fatal(err)
			}
			got := cli.unsupported(test.configuration)
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if version, err := parseVersion("Terraform of old"); err == nil {
		t.Errorf("no error, but %v", version)
	}
}
