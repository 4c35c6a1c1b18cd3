package hostile_test

import (
	"math"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// timing bounds what the hostile apply may take.
type timing struct {
	request   time.Duration // one attempt of a request
	retries   int           // of a request
	operation time.Duration // one operation on an identity
}

// bound is how long an apply may take: a refresh and an apply, each with the time of an operation and a write that is
// seen through, and the time that a busy machine takes.
func (t timing) bound() time.Duration { return 2*(t.operation+t.request) + 30*time.Second }

var (
	// patient lets a busy machine answer. A row of it fails for what it is told, and not for the time.
	patient = timing{request: 20 * time.Second, retries: 1, operation: time.Minute}

	// hasty is for rows whose answers end with a time-out.
	hasty = timing{request: 3 * time.Second, retries: 1, operation: 15 * time.Second}
)

const (
	// always is for answers that are altered each time.
	always = math.MaxInt32

	// atOnce is how many rows run at the same time. They mostly wait.
	atOnce = 6
)

// texts are parts of what a user is told.
type texts = []string

// These say what was wrong with an answer.
const (
	notKratos = "not a response of Kratos"
	wrong     = "the server answered with another identity"
	ignored   = "ignored the filter"
	tooLarge  = "the provider's limit"
)

// alteration is an alteration for a world.
type alteration func(w *world) acctest.Alteration

// row is one hostile server.
type row struct {
	name  string
	scene scene         // what Terraform does meanwhile
	match acctest.Match // the requests whose answers are altered
	times int           // how many of the answers
	alter []alteration
	// instead is true if the server doesn't see the requests.
	instead bool
	// says is what the command must print, empty for a command that must succeed.
	says texts
	// then is what the next apply must print although the server is honest again. It is empty for an apply that
	// converges.
	then string
	cli  bool
	// hasty is true if the answers end with a time-out.
	hasty bool
}

// scene is what Terraform does while answers are altered.
type scene struct {
	// prepare makes the configuration, and applies it if something must exist.
	prepare func(w *world)
	// change alters the configuration before the hostile apply. It may be nil.
	change func(w *world)
	// after checks what the server has after the last apply. It may be nil.
	after func(w *world)
}

var slots = make(chan struct{}, atOnce)

// run runs rows on a server of their own, several at the same time.
func run(t *testing.T, rows []row) {
	t.Helper()
	server := acctest.Kratos(t, acctest.Options{LateLocks: true})
	var group sync.WaitGroup
	for _, r := range rows {
		group.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			t.Run(r.name, func(t *testing.T) { r.run(t, server) })
		})
	}
	group.Wait()
}

func (r row) run(t *testing.T, server *acctest.Server) {
	w := newWorld(t, server, r.cli)
	if r.hasty {
		w.timing = hasty
	}
	r.scene.prepare(w)
	before := w.tf.ids()
	if r.scene.change != nil {
		r.scene.change(w)
	}
	r.intercept(w)
	r.check(w, w.tf.apply(w.impatient()))
	w.checkIDs(before)
	w.checkKnown()
	w.checkEve()
	w.checkSecrets()

	w.proxy.Reset()
	w.public.Reset()
	r.converge(w)
	if r.scene.after != nil {
		r.scene.after(w)
	}
	w.checkEve()
	w.remove()
	if last := w.tf.apply(w.config); last.failed {
		t.Errorf("the destroy failed: %s", last.text)
	}
	w.checkEve()
	w.checkSecrets()
}

func (r row) intercept(w *world) {
	var alterations []acctest.Alteration
	for _, alter := range r.alter {
		alterations = append(alterations, alter(w))
	}
	for _, p := range []*acctest.Proxy{w.proxy, w.public} {
		if r.instead {
			p.Instead(r.times, r.match, alterations...)
		} else {
			p.Alter(r.times, r.match, alterations...)
		}
	}
}

// check checks what the hostile command printed and how long it took.
func (r row) check(w *world, got result) {
	w.Helper()
	w.text += got.text
	for _, p := range got.panics {
		w.Errorf("panic: %s", p)
	}
	if got.took > w.timing.bound() {
		w.Errorf("it took %s, more than %s", got.took, w.timing.bound())
	}
	if got.failed != (len(r.says) > 0) {
		w.Errorf("failed: %t, want the texts %q:\n%s", got.failed, r.says, got.text)
	}
	for _, words := range r.says {
		if !strings.Contains(acctest.Unwrapped(got.text), words) {
			w.Errorf("it doesn't say %q:\n%s", words, got.text)
		}
	}
}

// converge applies through honest answers. After that nothing is left to do, or the error says what to do.
func (r row) converge(w *world) {
	w.Helper()
	got := w.tf.apply(w.config)
	w.text += got.text
	if r.then != "" {
		if text := acctest.Unwrapped(got.text); !got.failed || !strings.Contains(text, r.then) {
			w.Errorf("the next apply doesn't say %q:\n%s", r.then, got.text)
		}
		r.followAdvice(w)
		got = w.tf.apply(w.config)
	}
	if got.failed {
		w.Fatalf("the next apply fails: %s", got.text)
	}
	if planned := w.tf.plan(w.config); planned.failed || !planned.empty {
		w.Errorf("the plan after the next apply isn't empty: %s", planned.text)
	}
	w.learn()
	for _, p := range w.people {
		owners := w.admin.FindByIdentifier(w.T, p.email())
		configured := w.isConfigured(p)
		if configured && (len(owners) != 1 || owners[0] != p.id) || !configured && p.id != "" {
			w.Errorf("%s has the id %q, and the server has %v", p.address, p.id, owners)
		}
	}
}

// followAdvice imports the identities that exist and aren't in the state.
func (r row) followAdvice(w *world) {
	w.Helper()
	ids := w.tf.ids()
	for _, p := range w.people {
		if owners := w.admin.FindByIdentifier(w.T, p.email()); len(owners) == 1 && ids[p.address] == "" {
			w.config.imports[p.address] = owners[0]
		}
	}
}

// on matches a method and the end of a path; "*" is the id of an identity.
func on(method, pattern string) acctest.Match {
	return func(r *http.Request) bool {
		want, have := strings.Split(pattern, "/"), strings.Split(r.URL.Path, "/")
		if r.Method != method || len(want) != len(have) {
			return false
		}
		for i := range want {
			if want[i] != "*" && want[i] != have[i] {
				return false
			}
		}
		return true
	}
}
