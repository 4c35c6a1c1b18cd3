package provider_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Every example of an ephemeral resource sends its invitation, once for each name.
func TestAccExamples_ephemeral(t *testing.T) {
	t.Parallel()
	server := acctest.KratosAlone(t) // the examples' people have fixed addresses
	//nolint:paralleltest // the examples declare the same person
	for _, file := range glob(t, filepath.Join(examples(t), "ephemeral-resources", "*", "*.tf")) {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			w.WriteMain(read(t, file))
			w.Write("send-invitation.sh", `printf '%s %s %s%s\n' "$EMAIL" "$CODE" "$PAGE" "$LINK" >>sent`)
			apply := func(args ...string) {
				w.Run(append([]string{"apply", "-no-color", "-auto-approve"}, args...)...)
			}
			apply()
			w.ExpectEmptyPlan()
			apply("-var=invitation=first")
			apply("-var=invitation=first")
			apply("-var=invitation=second")
			sent := strings.Split(strings.TrimSpace(w.Read("sent")), "\n")
			if len(sent) != 2 || sent[0] == sent[1] || !strings.HasPrefix(sent[0], "ada@example.org ") || !strings.Contains(sent[0], "flow=") {
				t.Errorf("two invitations should be sent: %q", sent)
			}
			w.Run("destroy", "-no-color", "-auto-approve", "-var=invitation=second")
		})
	}
}

// Every action shown can be invoked, and those with a trigger fire.
func TestAccExamples_actions(t *testing.T) {
	t.Parallel()
	server := acctest.KratosAlone(t) // the examples' people have fixed addresses
	invocation := regexp.MustCompile(`(?m)^action "(\w+)" "(\w+)"`)
	//nolint:paralleltest // the examples declare the same person
	for _, file := range glob(t, filepath.Join(examples(t), "actions", "*", "action*.tf")) {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			if !w.AtLeast(1, 14) {
				t.Skip("actions need Terraform 1.14")
			}
			w.Env = append(w.Env, "TF_VAR_initial_password="+analyticalPassword)
			content := read(t, file)
			w.WriteMain(content)
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			for _, match := range invocation.FindAllStringSubmatch(content, -1) {
				w.Run("apply", "-no-color", "-auto-approve", "-invoke=action."+match[1]+"."+match[2])
			}
			if strings.Contains(content, "action_trigger") {
				w.WriteMain(strings.Replace(content, "password_wo_version = 1", "password_wo_version = 2", 1))
				if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(output, "action.ory_revoke_sessions.ada") {
					t.Errorf("the trigger didn't fire:\n%s", output)
				}
			}
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}

// wrongPeople are rows that some examples of functions refuse.
var wrongPeople = map[string]struct{ row, says string }{
	"identifiers":     {"ADA@example.org\n", "Two people in people.csv"},
	"validate_traits": {"nobody,Nobody\n", "nobody /email: the value is not valid"},
}

// Every example of a function is applied, planned empty and destroyed.
func TestAccExamples_functions(t *testing.T) {
	t.Parallel()
	server := acctest.KratosAlone(t) // the examples' people have fixed addresses
	//nolint:paralleltest // the examples may declare the same people
	for _, file := range glob(t, filepath.Join(examples(t), "functions", "*", "function*.tf")) {
		t.Run(filepath.Base(filepath.Dir(file)), func(t *testing.T) {
			w := acctest.NewWorkspace(t, server.AdminURL)
			for _, data := range glob(t, filepath.Join(filepath.Dir(file), "*")) {
				if filepath.Ext(data) != ".tf" {
					w.Write(filepath.Base(data), read(t, data))
				}
			}
			w.WriteMain(read(t, file))
			w.Run("apply", "-no-color", "-auto-approve")
			w.ExpectEmptyPlan()
			if wrong, ok := wrongPeople[filepath.Base(filepath.Dir(file))]; ok {
				people := w.Read("people.csv")
				w.Write("people.csv", people+wrong.row)
				if output, code := w.Try("plan", "-no-color"); code == 0 || !strings.Contains(output, wrong.says) {
					t.Errorf("exit code %d:\n%s", code, output)
				}
				w.Write("people.csv", people)
			}
			if strings.Contains(file, "password_hash") {
				if _, err := acctest.Login(t.Context(), server.PublicURL, "tester-7@example.org", "test-password-7"); err != nil {
					t.Error(err)
				}
			}
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}
