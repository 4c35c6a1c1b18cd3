package provider_test

import (
	"path/filepath"
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
