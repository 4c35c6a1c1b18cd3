package provider

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	fwprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/batch"
)

// block is a provider block. Arguments without a value are null.
type block map[string]attr.Value

// configure runs Configure with only the environment variables of env.
func configure(t *testing.T, b block, env map[string]string) (*base.Data, diag.Diagnostics) {
	t.Helper()
	for _, names := range [][]string{adminURLEnv, publicURLEnv, projectSlugEnv, apiKeyEnv} {
		for _, name := range names {
			t.Setenv(name, env[name])
		}
	}
	ctx := context.Background()
	s := providerSchema()
	values := map[string]tftypes.Value{}
	for name, attribute := range s.Attributes {
		values[name] = tftypes.NewValue(attribute.GetType().TerraformType(ctx), nil)
		if value, ok := b[name]; ok {
			terraform, err := value.ToTerraformValue(ctx)
			if err != nil {
				t.Fatal(err)
			}
			values[name] = terraform
		}
	}
	var resp fwprovider.ConfigureResponse
	p := &oryProvider{version: "test"}
	p.Configure(ctx, fwprovider.ConfigureRequest{
		TerraformVersion: "1.11.4",
		Config:           tfsdk.Config{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(ctx), values)},
	}, &resp)
	data, _ := resp.ResourceData.(*base.Data)
	return data, resp.Diagnostics
}

func TestConfigure_findsServer(t *testing.T) {
	key := types.StringValue("ory_pat_example")
	tests := map[string]struct {
		block block
		env   map[string]string
		want  string
	}{
		"admin_url": {
			block: block{"admin_url": types.StringValue("http://127.0.0.1:4434/base/admin/")},
			want:  "http://127.0.0.1:4434/base",
		},
		"environment": {
			env:  map[string]string{"KRATOS_ADMIN_URL": "http://127.0.0.1:1"},
			want: "http://127.0.0.1:1",
		},
		"first variable counts": {
			env:  map[string]string{"ORY_ADMIN_URL": "http://127.0.0.1:2", "KRATOS_ADMIN_URL": "http://127.0.0.1:1"},
			want: "http://127.0.0.1:2",
		},
		"block before environment": {
			block: block{"admin_url": types.StringValue("http://127.0.0.1:3")},
			env:   map[string]string{"ORY_ADMIN_URL": "http://127.0.0.1:2", "ORY_PROJECT_SLUG": "happy-bell"},
			want:  "http://127.0.0.1:3",
		},
		"project of the block before admin_url of the environment": {
			block: block{"project_slug": types.StringValue("happy-bell-1a2b"), "api_key": key},
			env:   map[string]string{"ORY_ADMIN_URL": "http://127.0.0.1:2"},
			want:  "https://happy-bell-1a2b.projects.oryapis.com",
		},
		"project of the environment": {
			env:  map[string]string{"ORY_PROJECT_SLUG": "happy-bell", "ORY_ACCESS_TOKEN": "ory_pat_example"},
			want: "https://happy-bell.projects.oryapis.com",
		},
		"headers on loopback": {
			block: block{"admin_url": types.StringValue("http://localhost:4434"), "headers": types.MapValueMust(types.StringType,
				map[string]attr.Value{"X-Team": types.StringValue("engines")})},
			want: "http://localhost:4434",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			data, diags := configure(t, test.block, test.env)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if got := data.Client.AdminURL(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestConfigure_refuses(t *testing.T) {
	const secret = "ory_pat_very_secret"
	tests := map[string]struct {
		block     block
		env       map[string]string
		attribute string
		text      string
	}{
		"no server": {attribute: "admin_url", text: "Missing server: The configuration specifies no server. Set admin_url (or ORY_ADMIN_URL) for a self-hosted Kratos, or " +
			"project_slug"},
		"two servers in the environment": {
			env:  map[string]string{"ORY_ADMIN_URL": "http://127.0.0.1:1", "ORY_PROJECT_SLUG": "happy-bell"},
			text: "Conflicting environment variables: The environment variables specify both",
		},
		"Ory Network without a key": {
			block:     block{"project_slug": types.StringValue("happy-bell")},
			attribute: "api_key", text: "Missing API key: Ory Network requires an API key. Set api_key, api_key_file or ORY_API_KEY",
		},
		"bad slug in the environment": {
			env:       map[string]string{"ORY_PROJECT_SLUG": "https://happy-bell.projects.oryapis.com", "ORY_API_KEY": secret},
			attribute: "project_slug", text: "Invalid project slug: The project slug in ORY_PROJECT_SLUG must be a slug such as happy-bell-1a2b3c4d5e, not a URL",
		},
		"key over plain http": {
			block:     block{"admin_url": types.StringValue("http://kratos.example.org"), "api_key": types.StringValue(secret)},
			attribute: "allow_plaintext_http", text: "Invalid provider configuration: allow_plaintext_http",
		},
		"no URL": {block: block{"admin_url": types.StringValue("kratos:4434")}, attribute: "admin_url", text: "http"},
		"CA file": {
			block: block{
				"admin_url": types.StringValue("https://k.example.org"),
				"tls":       tlsBlock("ca_cert_file", "/nonexistent/ca.pem"),
			},
			attribute: "tls.ca_cert_file", text: "File cannot be read: The file of ca_cert_file cannot be read: no such file or directory",
		},
		"the key itself in the place of its file": {
			block: block{
				"admin_url": types.StringValue("https://k.example.org"),
				"tls":       tlsBlock("client_key_file", secret),
			},
			attribute: "tls.client_key_file", text: "no such file or directory",
		},
		"CA": {
			block:     block{"admin_url": types.StringValue("https://k.example.org"), "tls": tlsBlock("ca_cert_pem", "no PEM")},
			attribute: "tls", text: "Invalid CA certificate: The ca_cert_file or ca_cert_pem of tls contains no PEM certificate",
		},
		"no client certificate": {
			block: block{
				"admin_url": types.StringValue("https://k.example.org"),
				"tls":       tlsBlock("client_cert_pem", "no PEM", "client_key_pem", secret),
			},
			attribute: "tls", text: "Invalid client certificate: The client certificate and key of tls cannot be used",
		},
		"half a client certificate": {
			block:     block{"admin_url": types.StringValue("https://k.example.org"), "tls": tlsBlock("client_key_pem", secret)},
			attribute: "tls", text: "Incomplete client certificate: A client certificate needs both client_cert_file",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, diags := configure(t, test.block, test.env)
			if diags.ErrorsCount() != 1 {
				t.Fatalf("want one error, got %v", diags)
			}
			got := diags.Errors()[0]
			if said := got.Summary() + ": " + got.Detail(); !strings.Contains(said, test.text) {
				t.Errorf("%q doesn't say %q", said, test.text)
			}
			if strings.Contains(got.Detail()+got.Summary(), secret) {
				t.Error("the message shows a secret")
			}
			attribute := ""
			if on, ok := got.(diag.DiagnosticWithPath); ok {
				attribute = on.Path().String()
			}
			if attribute != test.attribute {
				t.Errorf("it is on %q, want %q", attribute, test.attribute)
			}
		})
	}
}

func TestConfigure_limitsAndBatching(t *testing.T) {
	batchingOf := func(enabled types.Bool, size types.Int64) types.Object {
		return types.ObjectValueMust(map[string]attr.Type{"enabled": types.BoolType, "max_batch_size": types.Int64Type},
			map[string]attr.Value{"enabled": enabled, "max_batch_size": size})
	}
	server := types.StringValue("http://127.0.0.1:1")
	slug, key := types.StringValue("happy-bell"), types.StringValue("ory_pat_example")
	for name, test := range map[string]struct {
		block   block
		limited bool
		options batch.Options
	}{
		"nothing said": {block: block{"admin_url": server}},
		"Ory Network":  {block: block{"project_slug": slug, "api_key": key}, limited: true},
		"limits":       {block: block{"admin_url": server, "requests_per_second": types.Float64Value(0.5), "max_in_flight": types.Int64Value(2)}, limited: true},
		"batching off": {block: block{"admin_url": server, "batching": batchingOf(types.BoolValue(false), types.Int64Null())}, options: batch.Options{Disabled: true}},
		"batching on":  {block: block{"admin_url": server, "batching": batchingOf(types.BoolValue(true), types.Int64Value(50))}, options: batch.Options{MaxSize: 50}},
		"batch size":   {block: block{"admin_url": server, "batching": batchingOf(types.BoolNull(), types.Int64Value(7))}, options: batch.Options{MaxSize: 7}},
	} {
		t.Run(name, func(t *testing.T) {
			data, diags := configure(t, test.block, nil)
			if diags.HasError() {
				t.Fatal(diags)
			}
			if got := data.Client.Limited(); got != test.limited {
				t.Errorf("requests are limited: %v", got)
			}
			var c config
			c.Batching, _ = test.block["batching"].(types.Object)
			if got := c.batching(t.Context(), &diags); got != test.options || diags.HasError() {
				t.Errorf("got %+v, want %+v: %v", got, test.options, diags)
			}
		})
	}
}

// tlsBlock is the block tls with these attributes, each a name and a value.
func tlsBlock(pairs ...string) types.Object {
	attributeTypes := map[string]attr.Type{}
	values := map[string]attr.Value{}
	for each, attribute := range tlsAttributes() {
		attributeTypes[each] = attribute.GetType()
		values[each] = types.StringNull()
		if attribute.GetType() == types.BoolType {
			values[each] = types.BoolNull()
		}
	}
	for pair := range slices.Chunk(pairs, 2) {
		values[pair[0]] = types.StringValue(pair[1])
	}
	return types.ObjectValueMust(attributeTypes, values)
}

func TestConfigure_unknownValues(t *testing.T) {
	data, diags := configure(t, block{
		"admin_url": types.StringUnknown(),
		"headers":   types.MapValueMust(types.StringType, map[string]attr.Value{"X-Team": types.StringUnknown()}),
	}, map[string]string{"ORY_ADMIN_URL": "http://127.0.0.1:1"})
	if diags.HasError() {
		t.Fatal(diags)
	}
	if data.Client != nil {
		t.Error("there is a client although admin_url isn't known")
	}
	if want := []string{"admin_url", "headers"}; !slices.Equal(data.Unknown, want) {
		t.Errorf("got %v, want %v", data.Unknown, want)
	}
	var atApply diag.Diagnostics
	if data.RequireClient(&atApply) {
		t.Error("a missing client passed")
	}
	if detail := atApply.Errors()[0].Detail(); !strings.Contains(detail, "admin_url, headers") ||
		!strings.Contains(detail, "-target") {
		t.Errorf("the error doesn't name the arguments and what to do: %s", detail)
	}
}

// A rotating token may not exist yet when Terraform starts.
func TestConfigure_validation(t *testing.T) {
	server := types.StringValue("http://127.0.0.1:4434")
	for name, test := range map[string]struct {
		value types.Bool
		skip  bool
	}{
		"by default": {types.BoolNull(), false},
		"wanted":     {types.BoolValue(true), false},
		"turned off": {types.BoolValue(false), true},
		"not known":  {types.BoolUnknown(), true},
	} {
		t.Run(name, func(t *testing.T) {
			data, diags := configure(t, block{"admin_url": server, "validate_traits": test.value}, nil)
			if diags.HasError() || data.Client == nil {
				t.Fatal(diags)
			}
			if data.SkipValidation != test.skip {
				t.Errorf("validation is skipped: %v", data.SkipValidation)
			}
		})
	}
}

func TestConfigure_leavesKeyFile(t *testing.T) {
	_, diags := configure(t, block{
		"project_slug": types.StringValue(
			"happy-bell",
		), "api_key_file": types.StringValue(filepath.Join(t.TempDir(), "not-there")),
	}, nil)
	if diags.HasError() {
		t.Fatal(diags)
	}
}

func TestConfigure_publicServer(t *testing.T) {
	tests := map[string]struct {
		config config
		want   string
	}{
		"of the block": {
			config{AdminURL: types.StringValue("http://a"), PublicURL: types.StringValue("http://p")},
			"http://p",
		},
		"of the environment":                     {config{}, "http://env"},
		"not of the environment for the block's": {config{AdminURL: types.StringValue("http://a")}, ""},
		"Ory Network has one URL":                {config{ProjectSlug: types.StringValue("happy-bell")}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv("ORY_PUBLIC_URL", "http://env")
			t.Setenv("ORY_PROJECT_SLUG", "")
			if got := test.config.publicServer(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
