package bulk_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// killApply starts an apply and kills Terraform and the provider at a random moment: when some of the people with the
// prefix that are still missing have been created, and up to a tenth of a second later.
func killApply(t *testing.T, w *acctest.Workspace, server *acctest.Server, prefix string, size int) {
	t.Helper()
	there := len(people(t, server, prefix))
	enough := there + rand.IntN(max(size-there, 1))
	cmd := w.Command(t.Context(), "apply", "-auto-approve", "-no-color")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; {
		if time.Sleep(20 * time.Millisecond); time.Since(began) > time.Minute || len(people(t, server, prefix)) > enough {
			break
		}
	}
	time.Sleep(rand.N(100 * time.Millisecond))
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
	_ = cmd.Wait()
}

// An apply that was killed at any moment, even several times, is continued by the next one: nobody is missing, and
// nobody is there twice.
func TestAccIdentities_killed(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	rounds, size := 4, 500
	if n, err := strconv.Atoi(os.Getenv("KILL_ROUNDS")); err == nil {
		rounds, size = n, 2000
	}
	caught := 0
	for round := range rounds {
		w := acctest.NewWorkspace(t, server.AdminURL)
		prefix := acctest.RandomName()
		all := rows(prefix, size)
		configure(t, w, all, "")
		for range 1 + round%2 {
			killApply(t, w, server, prefix, size)
		}
		before := len(people(t, server, prefix))
		if before > 0 && before < size {
			caught++
		}
		all[key(7)]["metadata_public"] = map[string]any{"number": "another"}
		configure(t, w, all, "")
		output := w.Run("apply", "-auto-approve", "-no-color")
		found := expectPeople(t, server, prefix, size)
		state := ids(t, w)
		if len(state) != size || found[email(prefix, 7)]["metadata_public"].(map[string]any)["number"] != "another" {
			t.Fatalf("the state has %d rows, or the changed row isn't changed", len(state))
		}
		for i := range size {
			if state[key(i)] != found[email(prefix, i)]["id"] {
				t.Fatalf("row %d has another identity", i)
			}
		}
		t.Logf("killed at %d: continued=%v", before, strings.Contains(output, "Interrupted apply continued"))
		w.ExpectEmptyPlan()
		if left, _ := filepath.Glob(filepath.Join(w.Dir, ".terraform", "ory-identities", "*")); len(left) > round%2+1 {
			t.Errorf("journals are left: %v", left)
		}
		w.Run("destroy", "-auto-approve", "-no-color")
		expectPeople(t, server, prefix, 0)
	}
	t.Logf("%d of %d were killed in the middle", caught, rounds)
}

// Only Terraform is killed. Its provider may go on for a moment.
func TestAccIdentities_killedTerraform(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	configure(t, w, rows(prefix, 1000), "")
	cmd := w.Command(t.Context(), "apply", "-auto-approve", "-no-color")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }) // the provider outlives Terraform
	for began := time.Now(); time.Since(began) < time.Minute && len(people(t, server, prefix)) == 0; {
		time.Sleep(50 * time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	w.Run("apply", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, 1000)
	w.ExpectEmptyPlan()
}

// An interrupted apply keeps what it has, and the next one creates the rest.
func TestAccIdentities_interrupted(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	w := acctest.NewWorkspace(t, server.AdminURL)
	prefix := acctest.RandomName()
	const size = 6000
	configure(t, w, rows(prefix, size), "")
	var output strings.Builder
	cmd := w.Command(t.Context(), "apply", "-auto-approve", "-no-color")
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < time.Minute && len(people(t, server, prefix)) == 0; {
		time.Sleep(50 * time.Millisecond)
	}
	began := time.Now()
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	took := time.Since(began)
	there := len(people(t, server, prefix))
	if there == size || len(ids(t, w)) != there {
		t.Fatalf("%d people, %d in the state:\n%s", there, len(ids(t, w)), output.String())
	}
	t.Logf("stopped after %s with %d people", took, there)
	if took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}
	before := ids(t, w)
	w.Run("apply", "-auto-approve", "-no-color")
	expectPeople(t, server, prefix, size)
	w.ExpectEmptyPlan()
	for key, id := range before {
		if after := ids(t, w); after[key] != id {
			t.Fatalf("%s was made anew", key)
		}
		break
	}
}
