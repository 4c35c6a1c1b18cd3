package identity_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// Secrets of second factors appear only in the configuration: not in plan files, not in the state if they are
// write-only, and never in the most verbose log, also where the server refuses a request.
func TestAccFactor_secretsStaySecret(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.WriteOnly, acctest.Ephemeral)
	f := newFactorTest(t)
	const firstCode, secondCode = "write-only-code-1", "write-only-code-2"
	secret := func(name string) string {
		_, rest, _ := strings.Cut(keyURL(name), "secret=")
		return strings.TrimSuffix(rest, "&issuer=Test")
	}
	other := acctest.RandomEmail()
	log := filepath.Join(f.w.Dir, "trace.log")
	f.w.Env = append(f.w.Env, "TF_LOG_PROVIDER=TRACE", "TF_LOG_PATH="+log)
	f.w.Env = append(f.w.Env, fmt.Sprintf(`TF_VAR_codes=[%q,%q]`, firstCode, secondCode))
	const variables = `
variable "url" {
  type      = string
  ephemeral = true
}
variable "codes" {
  type      = list(string)
  ephemeral = true
}
`
	write := func(version int) {
		f.w.Env = append(f.w.Env, "TF_VAR_url="+keyURL(fmt.Sprint("write-only-", version)))
		f.w.WriteMain(variables + f.person(fmt.Sprintf(`totp = { url_wo = var.url, wo_version = %d }
    lookup_secret = { codes_wo = var.codes, wo_version = %[1]d }`, version), "") +
			person("other", other, fmt.Sprintf(`credentials = {
    totp          = { url = %q }
    lookup_secret = { codes = ["code-in-state-%d"] }
  }`, keyURL(fmt.Sprint("in-state-", version)), version)))
	}
	shown := ""
	for version := 1; version <= 2; version++ {
		plan := fmt.Sprint("tfplan-", version)
		write(version)
		f.w.Run("plan", "-no-color", "-out="+plan)
		shown += f.w.Run("show", "-json", plan) + unzipped(t, filepath.Join(f.w.Dir, plan))
		f.w.Run("apply", "-no-color", plan)
		shown += f.w.Run("show", "-json")
	}
	f.expectTOTP(true, keyURL("write-only-2"))
	f.w.WriteMain(variables + f.person("", "") + person("other", other, ""))
	f.w.Run("apply", "-no-color", "-auto-approve")
	f.expectKinds(false, "totp", "lookup_secret")
	shown += f.w.Run("show", "-json") + f.w.Read("terraform.tfstate") + f.w.Read("terraform.tfstate.backup")
	f.destroy()

	writeOnly := []string{secret("write-only-1"), secret("write-only-2"), firstCode, secondCode}
	if !strings.Contains(shown, secret("in-state-1")) {
		t.Error("the state has nothing: the test looks in the wrong place")
	}
	for _, text := range writeOnly {
		if strings.Contains(shown, text) {
			t.Errorf("plan or state has %q", text)
		}
	}
	checkLog(t, f.w.Read("trace.log"), append(writeOnly, secret("in-state-1"), secret("in-state-2"), "code-in-state-1",
		"code-in-state-2", factorPassword))
}
