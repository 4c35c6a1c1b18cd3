package bulk

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// A killed provider saves no state. The journal records for the next run which identities this run creates: see
// decisions/0002-thousands-in-one-resource.md. It contains only hashes: no names, addresses or secrets.

const (
	// journalAge is the maximum age of a journal. A killed run is usually repeated sooner.
	journalAge = 30 * 24 * time.Hour

	journalSuffix = ".journal"
)

// mark is a hash of a unique value or of a request body.
type mark string

func markOf(parts ...string) mark {
	const bytes = 12
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return mark(base64.RawURLEncoding.EncodeToString(sum[:bytes]))
}

func markOfUnique(unique base.Unique) mark { return markOf("unique", unique.Kind, unique.Value) }

// proofOf returns a hash of a unique value together with the schema and the traits that are sent with it. An identity
// of somebody else with the same unique value seldom has the same traits.
func proofOf(unique base.Unique, schemaID string, traits json.RawMessage) mark {
	return markOf("proof", unique.Kind, unique.Value, identity.Sent(schemaID, traits))
}

// markOfBody returns a hash of the body of a create. It is empty for a body with a plaintext password, because a hash
// doesn't protect a password.
func markOfBody(body kratos.CreateIdentityBody) mark {
	if body.HasPlaintextPassword() {
		return ""
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return ""
	}
	return markOf("body", string(raw))
}

// journal is the file of one run.
type journal struct {
	run       string   // id of the run
	continued []string // ids of the killed runs that it continues
	path      string
}

// header is the first line of a journal. Each further line is the mark of a body and the marks of its unique values.
type header struct {
	Began     time.Time `json:"began"`
	Server    string    `json:"server"`
	Workspace string    `json:"workspace"`
}

// killed has the content of the journals of killed runs by unique value: when the run began, and which body it sent.
type killed map[mark]sent

// sent is the journal's record for one unique value.
type sent struct {
	began time.Time
	body  mark
}

// since returns when the first of the runs began.
func (k killed) since() time.Time {
	var first time.Time
	for _, entry := range k {
		if first.IsZero() || entry.began.Before(first) {
			first = entry.began
		}
	}
	return first
}

// journalFolder returns a folder in Terraform's data directory. The provider runs in the folder of the root module.
func journalFolder() string {
	dir := os.Getenv("TF_DATA_DIR")
	if dir == "" {
		dir = ".terraform"
	}
	return filepath.Join(dir, "ory-identities")
}

// workspace returns the name of the Terraform workspace.
func workspace() string {
	if name := os.Getenv("TF_WORKSPACE"); name != "" {
		return name
	}
	content, err := os.ReadFile(filepath.Join(filepath.Dir(journalFolder()), "environment"))
	if err != nil {
		return "default"
	}
	return strings.TrimSpace(string(content))
}

// startJournal writes the journal of a run before its first create. If the journal can't be written, it only logs a
// warning.
func startJournal(ctx context.Context, server string, began time.Time, rows []*pending) journal {
	j := journal{run: kratos.NewUUID()}
	j.path = filepath.Join(journalFolder(), j.run+journalSuffix)
	if err := j.write(header{Began: began, Server: server, Workspace: workspace()}, rows); err != nil {
		j.remove()
		tflog.Warn(ctx, "the journal of this run can't be written: if the run is killed, the next apply reports what it "+
			"has created as conflicts", map[string]any{"error": err.Error()})
	}
	return j
}

func (j journal) write(first header, rows []*pending) error {
	if err := os.MkdirAll(filepath.Dir(j.path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(j.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	head, err := json.Marshal(first)
	if err == nil {
		_, err = fmt.Fprintf(w, "%s\n", head)
	}
	for _, row := range rows {
		fmt.Fprintf(w, "%s", row.bodyMark)
		for _, unique := range row.marks {
			fmt.Fprintf(w, " %s", unique)
		}
		fmt.Fprintln(w)
	}
	for _, step := range []func() error{w.Flush, file.Sync, file.Close} {
		if stepErr := step(); err == nil {
			err = stepErr
		}
	}
	return err
}

// remove deletes the journal and the journals of the runs that this run has continued. The caller must know that the
// state has all identities of these runs.
func (j journal) remove() { removeJournals(append(j.continued, j.run)) }

// removeJournals deletes the journals of runs.
func removeJournals(runs []string) {
	for _, run := range runs {
		if kratos.IsUUID(run) { // the names come from the private state
			_ = os.Remove(filepath.Join(journalFolder(), run+journalSuffix))
		}
	}
}

// confirm records in the private state that the state has all creates of the run. The next refresh deletes the
// journals, because it proves that the state was saved.
func (j journal) confirm(ctx context.Context, private base.PrivateWriter, diags *diag.Diagnostics) {
	runs, err := json.Marshal(append(j.continued, j.run))
	if err == nil {
		diags.Append(private.SetKey(ctx, runKey, runs)...)
	}
}

// removeConfirmed deletes the journals of the runs that the private state names.
func removeConfirmed(ctx context.Context, private base.PrivateReader, diags *diag.Diagnostics) {
	raw, d := private.GetKey(ctx, runKey)
	diags.Append(d...)
	var runs []string
	if json.Unmarshal(raw, &runs) == nil {
		removeJournals(runs)
	}
}

// earlierRuns reads the journals of unconfirmed runs. It ignores journals that have no unique value of these rows,
// because they belong to another resource.
func earlierRuns(ctx context.Context, server string, rows []*pending) (found killed, runs []string) {
	ours := map[mark]bool{}
	for _, p := range rows {
		for _, unique := range p.marks {
			ours[unique] = true
		}
	}
	found = killed{}
	files, err := filepath.Glob(filepath.Join(journalFolder(), "*"+journalSuffix))
	if err != nil {
		return found, nil
	}
	for _, name := range files {
		run, concerns, err := readRun(name, server, ours)
		if err != nil {
			tflog.Warn(ctx, "a journal can't be read", map[string]any{"file": name, "error": err.Error()})
		}
		if concerns {
			runs = append(runs, strings.TrimSuffix(filepath.Base(name), journalSuffix))
			found.merge(run)
		}
	}
	return found, runs
}

// readRun reads one journal. It reports whether the journal has a unique value of these rows.
func readRun(name, server string, ours map[mark]bool) (found killed, concerns bool, err error) {
	file, err := os.Open(filepath.Clean(name))
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	var head header
	if !scanner.Scan() || json.Unmarshal(scanner.Bytes(), &head) != nil {
		return nil, false, scanner.Err() // the run was killed before its first create
	}
	if time.Since(head.Began) > journalAge {
		return nil, false, os.Remove(name)
	}
	if head.Server != server || head.Workspace != workspace() {
		return nil, false, nil
	}
	found = killed{}
	for scanner.Scan() {
		body, uniques, _ := strings.Cut(scanner.Text(), " ")
		for unique := range strings.FieldsSeq(uniques) {
			found[mark(unique)] = sent{head.Began, mark(body)}
			concerns = concerns || ours[mark(unique)]
		}
	}
	return found, concerns, scanner.Err()
}

// merge adds the records of another run.
func (k killed) merge(other killed) {
	for unique, now := range other {
		before, both := k[unique]
		switch {
		case !both:
			k[unique] = now
		case before.body != now.body:
			// It is unknown which of the two bodies the server has carried out.
			k[unique] = sent{earlier(before.began, now.began), "?"}
		default:
			k[unique] = sent{earlier(before.began, now.began), now.body}
		}
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
