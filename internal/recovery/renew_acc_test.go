package recovery_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// clock shifts the time in the server's answers by the returned offset.
func clock(proxy *acctest.Proxy) *atomic.Int64 {
	var ahead atomic.Int64
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		answer := httptest.NewRecorder()
		forward.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		w.Header().Set("Date", time.Now().Add(time.Duration(ahead.Load())).UTC().Format(http.TimeFormat))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // fails only if the client has disconnected
		return true
	})
	return &ahead
}

// grow makes the codes and links in the state older, by the clock of this machine and by that of the server. Both times
// are in the private state.
func grow(t *testing.T, w *acctest.Workspace, here, there time.Duration) {
	t.Helper()
	private := regexp.MustCompile(`"private": ?"([^"]*)"`) // older versions of OpenTofu write no space
	state := private.ReplaceAllStringFunc(w.Read("terraform.tfstate"), func(text string) string {
		var values map[string][]byte
		raw, err := base64.StdEncoding.DecodeString(private.FindStringSubmatch(text)[1])
		if err := errors.Join(err, json.Unmarshal(raw, &values)); err != nil || values["issued"] == nil {
			return text // another resource
		}
		var made struct {
			Here     time.Time `json:"here"`
			There    time.Time `json:"there"`
			Lifetime int64     `json:"lifetime_ns"`
		}
		if err := json.Unmarshal(values["issued"], &made); err != nil || made.There.IsZero() {
			t.Fatalf("%s: %v", values["issued"], err)
		}
		made.Here, made.There = made.Here.Add(-here), made.There.Add(-there)
		values["issued"], err = json.Marshal(made)
		raw, marshalErr := json.Marshal(values)
		if err := errors.Join(err, marshalErr); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("\"private\": %q", base64.StdEncoding.EncodeToString(raw))
	})
	w.Write("terraform.tfstate", state)
}

// Only a plan with a refresh renews a code or link that is due and hasn't expired yet. A plan without a refresh doesn't
// renew it, and a saved plan does what it announces even if the code or link becomes due before the apply.
func TestAccRecovery_renewalInTime(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w, email := acctest.NewWorkspace(t, server.AdminURL), acctest.RandomEmail()
	write := func(team, renewBefore string) {
		rest := fmt.Sprintf("  identity_id = ory_identity.ada.id\n  expires_in = \"1h\"\n  renew_before = "+
			"%s\n}\n", renewBefore)
		w.WriteMain(strings.Replace(person(email), "  traits", "  metadata_public = { team = \""+team+"\" }\n  traits", 1) +
			"resource \"ory_recovery_code\" \"ada\" {\n" + rest + "resource \"ory_recovery_link\" \"ada\" {\n" + rest + outputs)
	}
	write("engines", "null")
	w.Run("apply", "-no-color", "-auto-approve")
	first := invitation(t, w)

	write("poems", `"10m"`)
	if plan := w.Run("plan", "-no-color", "-out=saved.tfplan"); !strings.Contains(
		plan,
		"0 to add, 3 to change, 0 to destroy",
	) {
		t.Errorf("renew_before alone replaces nothing:\n%s", plan)
	}
	grow(t, w, 55*time.Minute, 55*time.Minute)
	if output := w.Run("apply", "-no-color", "saved.tfplan"); !strings.Contains(
		output,
		"0 added, 3 changed, 0 destroyed",
	) {
		t.Errorf("the saved plan does something else:\n%s", output)
	}
	if got := invitation(t, w); got != first {
		t.Errorf("there is a new one: %+v", got)
	}
	grow(t, w, 55*time.Minute, 55*time.Minute) // the update has stored what the plan had

	if plan, code := w.Try("plan", "-no-color", "-refresh=false", "-detailed-exitcode"); code != 0 {
		t.Errorf("a plan that doesn't refresh renews, exit code %d:\n%s", code, plan)
	}
	if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "2 to add, 0 to change, 2 to destroy") {
		t.Errorf("both are due:\n%s", plan)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	if second := invitation(t, w); second.Code == first.Code || second.URL == first.URL {
		t.Errorf("nothing new: %+v", second)
	}
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
}

// A server or gateway whose clock is hours off doesn't make every plan renew. Neither does a clock that jumps between
// two runs.
func TestAccRecovery_renewalByWrongClock(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	for _, expiresIn := range []string{`"1h"`, "null"} {
		for _, off := range []time.Duration{-5 * time.Hour, 5 * time.Hour} {
			t.Run(fmt.Sprint(expiresIn, off), func(t *testing.T) {
				t.Parallel()
				proxy := acctest.NewProxy(t, server.AdminURL)
				ahead := clock(proxy)
				ahead.Store(int64(off))
				w := acctest.NewWorkspace(t, proxy.URL())
				rest := fmt.Sprintf("  identity_id = ory_identity.ada.id\n  expires_in = %s\n  renew_before = \"10m\"\n}\n", expiresIn)
				w.WriteMain(person(acctest.RandomEmail()) + "resource \"ory_recovery_code\" \"ada\" {\n" + rest +
					"resource \"ory_recovery_link\" \"ada\" {\n" + rest)
				if output := w.Run("apply", "-no-color", "-auto-approve"); strings.Contains(output, "Always due") {
					t.Errorf("a wrong clock leads to a warning:\n%s", output)
				}
				w.ExpectEmptyPlan()
				ahead.Store(int64(-off))
				w.ExpectEmptyPlan()
				ahead.Store(int64(off))
				grow(t, w, 55*time.Minute, 55*time.Minute)
				if plan := w.Run("plan", "-no-color"); !strings.Contains(plan, "2 to add, 0 to change, 2 to destroy") {
					t.Errorf("both are due:\n%s", plan)
				}
			})
		}
	}
}

// Without expires_in the server's default of an hour applies, so only the apply can detect that renew_before is longer.
func TestAccRecovery_renewalBeyondDefault(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	w := acctest.NewWorkspace(t, server.AdminURL)
	for renewBefore, warns := range map[string]bool{"2h": true, "30m": false} {
		w.WriteMain(fmt.Sprintf("resource \"ory_recovery_code\" \"test\" {\n  identity_id = %q\n  renew_before = %q\n}\n",
			newIdentity(t, server), renewBefore))
		if output := w.Run("apply", "-no-color", "-auto-approve"); strings.Contains(
			output,
			"Always due for renewal",
		) != warns {
			t.Errorf("%s: it should warn: %v, but:\n%s", renewBefore, warns, output)
		}
	}
}

// A destroy makes no request to the server, so it works while the server is down.
func TestAccRecovery_destroyWithoutServer(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	proxy := acctest.NewProxy(t, server.AdminURL)
	w := acctest.NewWorkspace(t, proxy.URL())
	arguments := fmt.Sprintf(" \"test\" {\n  identity_id = %q\n}\n", newIdentity(t, server))
	w.WriteMain("resource \"ory_recovery_code\"" + arguments + "resource \"ory_recovery_link\"" + arguments)
	w.Run("apply", "-no-color", "-auto-approve")
	proxy.Reset()
	proxy.LoseRequests(1000, acctest.On("", "/"))
	w.ExpectEmptyPlan()
	w.Run("destroy", "-no-color", "-auto-approve")
	if n := len(proxy.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// If Terraform doesn't manage the identity, a code of a deleted identity stays in the state, because the server can't
// report on codes. A new code can't be made, and the error gives the reason. If Terraform manages the identity, the
// apply makes both again.
func TestAccRecovery_identityDeleted(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	admin := acctest.AdminOf(server)
	t.Run("another's", func(t *testing.T) {
		t.Parallel()
		w, id := acctest.NewWorkspace(t, server.AdminURL), newIdentity(t, server)
		write := func(keeper string) {
			w.WriteMain(fmt.Sprintf("resource \"ory_recovery_code\" \"test\" {\n  identity_id = %q\n  keepers = { n = %q "+
				"}\n}\n", id, keeper))
		}
		write("1")
		w.Run("apply", "-no-color", "-auto-approve")
		admin.DeleteIdentity(t, id)
		w.ExpectEmptyPlan()
		write("2")
		expectError(t, w, []string{"Identity not found", "identity_id ="})
		w.Run("destroy", "-no-color", "-auto-approve")
	})
	t.Run("Terraform's", func(t *testing.T) {
		t.Parallel()
		w := acctest.NewWorkspace(t, server.AdminURL)
		w.WriteMain(
			person(
				acctest.RandomEmail(),
			) + "resource \"ory_recovery_code\" \"ada\" {\n  identity_id = ory_identity.ada.id\n}\n" +
				"resource \"ory_recovery_link\" \"ada\" {\n  identity_id = ory_identity.ada.id\n}\n" + outputs,
		)
		w.Run("apply", "-no-color", "-auto-approve")
		first := invitation(t, w)
		admin.DeleteIdentity(t, first.ID)
		if output := w.Run("apply", "-no-color", "-auto-approve"); !strings.Contains(
			output,
			"3 added, 0 changed, 2 destroyed",
		) {
			t.Errorf("all three should be made anew:\n%s", output)
		}
		if second := invitation(t, w); second.ID == first.ID || second.Code == first.Code || second.URL == first.URL {
			t.Errorf("nothing new: %+v", second)
		}
		w.ExpectEmptyPlan()
		w.Run("destroy", "-no-color", "-auto-approve")
	})
}
