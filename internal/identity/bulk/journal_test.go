package bulk

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

func rowWith(email string, body mark) *pending {
	return &pending{marks: []mark{markOfUnique(base.Unique{Kind: "password", Value: email})}, bodyMark: body}
}

// A journal tells the next run of the same server and workspace what was about to be sent, as hashes.
func TestJournal_nextRun(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TF_DATA_DIR", dir)
	t.Setenv("TF_WORKSPACE", "blue")
	began := time.Now().Add(-time.Minute)
	rows := []*pending{rowWith("ada@example.org", "b1"), rowWith("grace@example.org", "b2")}
	first := startJournal(t.Context(), "https://one", began, rows)
	content, err := os.ReadFile(first.path)
	if err != nil || strings.Contains(string(content), "example.org") {
		t.Fatalf("%s: %v", content, err)
	}
	again := []*pending{rowWith("grace@example.org", "b3")}
	found, runs := earlierRuns(t.Context(), "https://one", again)
	if sent := found[again[0].marks[0]]; len(runs) != 1 || runs[0] != first.run || sent.body != "b2" ||
		!sent.began.Equal(began) || len(found) != 2 {
		t.Errorf("found %v in %v", found, runs)
	}
	if _, runs = earlierRuns(t.Context(), "https://other", again); len(runs) > 0 {
		t.Error("a journal of another server counts")
	}
	if _, runs = earlierRuns(t.Context(), "https://one", []*pending{rowWith("alan@example.org", "b")}); len(runs) > 0 {
		t.Error("a journal of another resource counts")
	}
	second := startJournal(t.Context(), "https://one", time.Now(), again)
	second.continued = []string{first.run}
	if found, _ = earlierRuns(t.Context(), "https://one", again); found[again[0].marks[0]].body != "?" {
		t.Errorf("which body was sent isn't known, but found %v", found)
	}
	t.Setenv("TF_WORKSPACE", "green")
	if _, runs = earlierRuns(t.Context(), "https://one", again); len(runs) > 0 {
		t.Error("a journal of another workspace counts")
	}
	second.remove()
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// Journals that are old, broken or can't be written don't stop an apply.
func TestJournal_useless(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TF_DATA_DIR", dir)
	row := rowWith("ada@example.org", "b")
	old := startJournal(t.Context(), "https://one", time.Now().Add(-2*journalAge), []*pending{row})
	if err := os.WriteFile(filepath.Join(journalFolder(), "x"+journalSuffix), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, runs := earlierRuns(t.Context(), "https://one", []*pending{row}); len(runs) > 0 {
		t.Error("it counts")
	}
	if _, err := os.Stat(old.path); err == nil {
		t.Error("an old journal is left")
	}
	removeJournals([]string{"../../etc/passwd"}) // not the name of a run
	t.Setenv("TF_DATA_DIR", "/dev/null/nowhere")
	startJournal(t.Context(), "https://one", time.Now(), []*pending{row}).remove()
}

// While the outcome of some rows is being determined, the caller keeps all rows.
func TestMaker_clear(t *testing.T) {
	t.Parallel()
	data := dataOf(t, http.NotFoundHandler())
	m := maker{data: data, rules: identity.NewRows(data)}
	found, open := rowWith("ada@example.org", "b1"), rowWith("grace@example.org", "b2")
	found.entry, open.entry = &entry{key: "a", id: kratos.NewUUID()}, &entry{key: "b"}
	unclear := []*pending{found, open}
	m.clear(t.Context(), unclear)
	if unclear[0] != found || unclear[1] != open || open.problem == "" {
		t.Errorf("%v, %q", unclear, open.problem)
	}
}
