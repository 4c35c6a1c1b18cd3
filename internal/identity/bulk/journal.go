package bulk

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// A provider that is killed saves no state. The journal tells the next run what the killed run was about to create: see
// decisions/0002-thousands-in-one-resource.md. It has no name, no address and no secret, only hashes.

const (
	// journalAge is how long a journal counts. A run that was killed is repeated sooner.
	journalAge = 30 * 24 * time.Hour

	// clockSlack is the tolerated clock difference, as in a create of ory_identity whose answer was lost.
	clockSlack = 60 * time.Second

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

// markOfBody is a hash of what a create sends. It is empty for a body with a plaintext password, which a hash doesn't
// protect.
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
	run  string // id of the run
	path string
}

// header is the first line of a journal. Each further line is the mark of a body and the marks of its unique values.
type header struct {
	Began     time.Time `json:"began"`
	Server    string    `json:"server"`
	Workspace string    `json:"workspace"`
}

// killed is what the journals of earlier runs tell: for each unique value when its run began, and what the run sent.
type killed map[mark]struct {
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

// journalFolder is in Terraform's data directory. The provider runs in the folder of the root module.
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

// newUUID returns a random UUID.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// startJournal writes the journal of a run before its first create. A journal that can't be written is no error.
func startJournal(ctx context.Context, server string, began time.Time, rows []*pending) journal {
	j := journal{run: newUUID()}
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

// remove deletes the journal: nothing of its run is left that the state doesn't have.
func (j journal) remove() { removeJournal(j.run) }

func removeJournal(run string) {
	if kratos.IsUUID(run) { // the name comes from the private state
		_ = os.Remove(filepath.Join(journalFolder(), run+journalSuffix))
	}
}

// earlierRuns reads the journals of runs that no state has confirmed.
func earlierRuns(ctx context.Context, server string) killed {
	found := killed{}
	files, err := filepath.Glob(filepath.Join(journalFolder(), "*"+journalSuffix))
	if err != nil {
		return found
	}
	for _, name := range files {
		if err := found.read(name, server); err != nil {
			tflog.Warn(ctx, "a journal can't be read", map[string]any{"file": name, "error": err.Error()})
		}
	}
	return found
}

func (k killed) read(name, server string) error {
	file, err := os.Open(filepath.Clean(name))
	if err != nil {
		return err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	var head header
	if !scanner.Scan() || json.Unmarshal(scanner.Bytes(), &head) != nil {
		return scanner.Err() // the run was killed before its first create
	}
	if time.Since(head.Began) > journalAge {
		return os.Remove(name)
	}
	if head.Server != server || head.Workspace != workspace() {
		return nil
	}
	for scanner.Scan() {
		body, uniques, _ := strings.Cut(scanner.Text(), " ")
		for unique := range strings.FieldsSeq(uniques) {
			entry := k[mark(unique)]
			if entry.began.IsZero() || head.Began.Before(entry.began) {
				entry.began = head.Began
			}
			if entry.body != "" && entry.body != mark(body) {
				entry.body = "?" // runs that sent different bodies
			} else {
				entry.body = mark(body)
			}
			k[mark(unique)] = entry
		}
	}
	return scanner.Err()
}
