//go:build unix

package loadtest

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// people returns the identities that both the server and the state should have.
func people(c Config) map[string]Identity {
	all := map[string]Identity{}
	for n := range c.Size {
		id := string(rune('a' + n))
		all[id] = Identity{ID: id, Traits: c.Traits(n)}
	}
	return all
}

func TestConfig_check(t *testing.T) {
	t.Parallel()
	c := Config{Prefix: "p", Size: 3, Version: 2}
	old := Config{Prefix: "p", Size: 3, Version: 1}
	for name, test := range map[string]struct {
		change func(onServer, inState map[string]Identity)
		want   string // part of the error
	}{
		"all is well": {func(_, _ map[string]Identity) {}, ""},
		"an orphan":   {func(_, inState map[string]Identity) { delete(inState, "b") }, "is on the server and not in the state"},
		"one is gone": {func(onServer, _ map[string]Identity) { delete(onServer, "b") }, "is in the state and not on the server"},
		"one was never made": {func(onServer, inState map[string]Identity) { delete(onServer, "b"); delete(inState, "b") }, "p-00001@example.org " +
			"is not on the server"},
		"one is there twice": {func(onServer, _ map[string]Identity) { onServer["z"] = Identity{"z", c.Traits(1)} }, "is on the server twice"},
		"one too many": {func(onServer, inState map[string]Identity) {
			onServer["z"] = Identity{"z", c.Traits(9)}
			inState["z"] = onServer["z"]
		}, "has 1 too many"},
		"the server wasn't set": {func(onServer, _ map[string]Identity) { onServer["c"] = Identity{"c", old.Traits(2)} }, "on the server and map["},
		"nobody was set": {
			func(onServer, inState map[string]Identity) {
				maps.Copy(onServer, people(old))
				maps.Copy(inState, people(old))
			},
			"of version 1]], want map[",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onServer, inState := people(c), people(c)
			test.change(onServer, inState)
			err := c.Check(onServer, inState)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestConfig_checkShortensError(t *testing.T) {
	t.Parallel()
	c := Config{Prefix: "p", Size: 500, Version: 1}
	err := c.Check(nil, nil)
	if err == nil || strings.Count(err.Error(), "\n") != 5 || !strings.Contains(err.Error(), "and 495 more") {
		t.Errorf("got %v", err)
	}
}

func TestSearchLog(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"request body: {}\n":                    "",
		"request body: {}\na secret here":       `the log has "secret"`,
		"request body: {}\n" + "x\n" + "no end": "",
		"no bodies\n":                           "has no request bodies",
		"":                                      "has no request bodies",
	} {
		path := filepath.Join(t.TempDir(), "log")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		size, err := searchLog(path, []string{"secret"})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", content, err, want)
		}
		if size != int64(len(content)) {
			t.Errorf("%q: %d bytes searched", content, size)
		}
	}
}

func TestResult_errors(t *testing.T) {
	t.Parallel()
	headlines := Result{Output: `ory_identity.people["a"]: Creating...
╷
│ Error: Conflict with another identity
│ 
│ The server said: Error: no
╵

Error: Conflict with another identity

Error: Failed to read identity
`}.Errors()
	want := Headlines{"Conflict with another identity": 2, "Failed to read identity": 1}
	if !maps.Equal(headlines, want) || headlines.Total() != 3 {
		t.Errorf("got %v, %d in all", headlines, headlines.Total())
	}
}

func TestSettings(t *testing.T) {
	t.Setenv("LOADTEST_A", "7")
	t.Setenv("LOADTEST_B", "x")
	t.Setenv("LOADTEST_C", "2m")
	t.Setenv("LOADTEST_D", "0.5")
	var s Settings
	if a, c := s.Int("LOADTEST_A", 1, 0), s.Duration("LOADTEST_C", time.Hour); a != 7 || c != 2*time.Minute {
		t.Errorf("got %d and %v", a, c)
	}
	if unset := s.Float("LOADTEST_UNSET", 0.05, 0); unset != 0.05 {
		t.Errorf("got %g for what isn't set", unset)
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
	s.Int("LOADTEST_B", 1, 0)
	s.Float("LOADTEST_D", 10, 1)
	if err := s.Err(); err == nil || !strings.Contains(err.Error(), "LOADTEST_B: ") ||
		!strings.Contains(err.Error(), "LOADTEST_D must not be less than 1") {
		t.Errorf("got %v", err)
	}
}
