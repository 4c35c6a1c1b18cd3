package protocol_test

import (
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// directSteps are calls in the order in which Terraform makes them, with the expected answers.
var directSteps = []struct {
	name           string
	call           func(*session) answer
	state, private string // as shown, and as JSON
	diagnostics    int
}{
	{"plan of a create", planOf("a"), `id=? revision=? text=a`, `{}`, 0},
	{"refused create", applyOf(textRefused), `null`, `{}`, 1},
	{"create", applyOf("a"), `id=note-1 revision=1 text=a`, `{"made":"\"a (secret)\""}`, 0},
	{"read", (*session).read, `id=note-1 revision=1 text=a`, `{"made":"\"a (secret)\"","read":"true"}`, 0},
	{"plan without changes", planOf("a"), `id=note-1 revision=1 text=a`, `{"made":"\"a (secret)\"","read":"true"}`, 0},
	{"plan of an update", planOf("b"), `id=note-1 revision=? text=b`, `{"made":"\"a (secret)\"","read":"true"}`, 0},
	{
		"failing update", applyOf(textRefused),
		`id=note-1 revision=1 text=a`, `{"failed":"\"update\"","made":"\"a (secret)\"","read":"true"}`, 2,
	},
	{"update", applyOf(textStays), `id=note-1 revision=2 text=can't leave`, `{"made":"\"a (secret)\""}`, 0},
	{"plan of a delete", planOf(""), `null`, `{"made":"\"a (secret)\""}`, 1},
	{
		"failing delete", applyOf(""),
		`id=note-1 revision=2 text=can't leave`, `{"failed":"\"delete\"","made":"\"a (secret)\""}`, 1,
	},
	{"update once more", applyOf("c"), `id=note-1 revision=3 text=c`, `{"made":"\"a (secret)\""}`, 0},
	{"delete", applyOf(""), `null`, `{}`, 0},
	{
		"unfinished create", applyOf(textUnfinished),
		`id=note-2 revision=1 text=unfinished`, `{"made":"\"unfinished (secret)\""}`, 1,
	},
	{"read after an import", readImported, `id=note-2 revision=1 text=unfinished`, `{"made":"\"x\"","read":"true"}`, 0},
	{
		"read from an old command line", readWithoutIdentity,
		`id=note-2 revision=1 text=unfinished`, `{"made":"\"x\"","read":"true"}`, 0,
	},
	{"read that finds nothing", readGone, `null`, `{"made":"\"x\"","read":"true"}`, 0},
}

// A directly served resource gives the same answers as under the framework's server.
func TestDirect_answersAsFramework(t *testing.T) {
	t.Parallel()
	ours, framework := newSession(t, true), newSession(t, false)
	for _, step := range directSteps {
		got, want := step.call(ours), step.call(framework)
		if !got.State.Equal(want.State) || !got.Identity.Equal(want.Identity) || !maps.Equal(got.Private, want.Private) ||
			!reflect.DeepEqual(got.Diagnostics, want.Diagnostics) {
			t.Errorf("%s: got\n%+v, the framework's server answers\n%+v", step.name, got, want)
		}
		private, err := json.Marshal(got.Private)
		if err != nil {
			t.Fatal(err)
		}
		if shown(got.State) != step.state || string(private) != step.private || len(got.Diagnostics) != step.diagnostics {
			t.Errorf("%s: got %s, private state %s, diagnostics %q", step.name, shown(got.State), private, got.Diagnostics)
		}
	}
}

func planOf(text string) func(*session) answer {
	return func(s *session) answer {
		s.t.Helper()
		_, a := s.plan(text)
		return a
	}
}

func applyOf(text string) func(*session) answer {
	return func(s *session) answer {
		s.t.Helper()
		return s.apply(text)
	}
}

// readImported reads with the private state that the framework writes for an import.
func readImported(s *session) answer {
	s.t.Helper()
	private, err := json.Marshal(map[string][]byte{".import_before_read": []byte("true"), madeKey: []byte(`"x"`)})
	if err != nil {
		s.t.Fatal(err)
	}
	s.private = private
	return s.read()
}

// readWithoutIdentity reads without a resource identity, as Terraform before 1.12 does.
func readWithoutIdentity(s *session) answer {
	s.t.Helper()
	s.identity = nil
	return s.read()
}

func readGone(s *session) answer {
	s.t.Helper()
	s.notes.remove("note-2")
	return s.read()
}

// Terraform stops a provider on Ctrl-C: the context of a running direct call ends, and later calls still run.
func TestDirect_stop(t *testing.T) {
	t.Parallel()
	for name, call := range waitingCalls(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSession(t, true)
			for range 2 {
				answers := make(chan []*tfprotov6.Diagnostic)
				go func() {
					diagnostics, err := call(s)
					if err != nil {
						t.Error(err)
					}
					answers <- diagnostics
				}()
				<-s.notes.waits
				if _, err := s.server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
					t.Fatal(err)
				}
				if got := <-answers; len(got) == 0 || got[0].Detail != context.Canceled.Error() {
					t.Errorf("the call ended with %+v, want it interrupted", got)
				}
			}
			if got := s.apply("a"); len(got.Diagnostics) > 0 || shown(got.State) == "null" {
				t.Errorf("after the stop: %+v", got)
			}
		})
	}
}

// waitingCalls returns the calls of a waiting note, by name.
func waitingCalls(t *testing.T) map[string]func(*session) ([]*tfprotov6.Diagnostic, error) {
	t.Helper()
	members := map[string]tftypes.Value{
		"id": tftypes.NewValue(tftypes.String, "note-1"), "text": tftypes.NewValue(tftypes.String, textWaits),
		"secret": tftypes.NewValue(tftypes.String, nil), "revision": tftypes.NewValue(tftypes.Number, 1),
	}
	waiting, null := noteValue(t, tftypes.NewValue(noteType, members)), noteValue(t, tftypes.NewValue(noteType, nil))
	return map[string]func(*session) ([]*tfprotov6.Diagnostic, error){
		"plan": func(s *session) ([]*tfprotov6.Diagnostic, error) {
			resp, err := s.server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: "test_note", Config: waiting, PriorState: null, ProposedNewState: waiting,
			})
			return resp.Diagnostics, err
		},
		"read": func(s *session) ([]*tfprotov6.Diagnostic, error) {
			resp, err := s.server.ReadResource(
				t.Context(),
				&tfprotov6.ReadResourceRequest{TypeName: "test_note", CurrentState: waiting},
			)
			return resp.Diagnostics, err
		},
		"create": func(s *session) ([]*tfprotov6.Diagnostic, error) { return applyChange(t, s, null, waiting) },
		"update": func(s *session) ([]*tfprotov6.Diagnostic, error) { return applyChange(t, s, waiting, waiting) },
		"delete": func(s *session) ([]*tfprotov6.Diagnostic, error) { return applyChange(t, s, waiting, null) },
	}
}

func applyChange(t *testing.T, s *session, prior, planned *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
	t.Helper()
	resp, err := s.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: "test_note", Config: planned, PriorState: prior, PlannedState: planned,
	})
	return resp.Diagnostics, err
}

// Direct calls release their contexts like all other calls.
func TestDirect_releasesContexts(t *testing.T) {
	t.Parallel()
	s := newSession(t, true)
	s.apply("a")
	held := readOnce(t, s)
	runtime.GC()
	if held.Value() != nil {
		t.Error("the read's context is still held")
	}
	runtime.KeepAlive(s)
}

func readOnce(t *testing.T, s *session) weak.Pointer[load] {
	t.Helper()
	content := &load{}
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), contextKey{}, content))
	defer cancel()
	if _, err := s.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: "test_note", CurrentState: s.state, Private: s.private, CurrentIdentity: s.identity,
	}); err != nil {
		t.Fatal(err)
	}
	return weak.Make(content)
}
