package hostile_test

import (
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// These secrets are in every configuration. The password is unique, so that it can be searched for.
const (
	apiKey   = "ory_pat_hostile-api-key-9f2c"
	password = "hostile-password-71d4"
	note     = "hostile-admin-note-c3a8"
)

// world is what one row of a table has for itself: proxies, a stranger, and Terraform.
type world struct {
	*testing.T
	server        *acctest.Server
	admin         acctest.Admin
	proxy, public *acctest.Proxy
	elsewhere     *acctest.Proxy // another origin; nil if no answer leads there
	tf            terraform
	config        configuration
	timing        timing // of the hostile apply

	people []person // by the order of their ids once they are made
	eve    person   // a stranger, who must stay as she is
	eveIs  map[string]any
	text   string // everything that was printed

	mu      sync.Mutex
	secrets []string // that no output may have
}

// hide adds secrets.
func (w *world) hide(secrets ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, secret := range secrets {
		if secret != "" {
			w.secrets = append(w.secrets, secret)
		}
	}
}

// person is somebody on the server.
type person struct {
	address string // in the configuration
	name    string
	id      string
	existed bool // before Terraform knew of the person
}

func (p person) email() string { return p.name + "@example.org" }

func newWorld(t *testing.T, server *acctest.Server, onCLI bool) *world {
	w := &world{
		T: t, server: server, admin: acctest.AdminOf(server),
		proxy: acctest.NewProxy(t, server.AdminURL), public: acctest.NewProxy(t, server.PublicURL),
		secrets: []string{apiKey, password, note}, timing: patient,
	}
	w.tf = newCore(t)
	if onCLI {
		w.tf = newCLI(t)
	}
	w.config = configuration{
		provider: object{
			"admin_url": w.proxy.URL(), "public_url": w.public.URL(), "api_key": apiKey,
		},
		resources: map[string]object{}, data: map[string]object{}, imports: map[string]string{},
		ephemeral: map[string]object{}, actions: map[string]object{},
	}
	w.eve = person{name: acctest.RandomName()}
	w.eve.id = w.admin.CreateIdentity(t, object{
		"schema_id": "preset://email", "traits": object{"email": w.eve.email(), "name": object{"first": "Eve"}},
		"metadata_admin": object{"note": w.eve.name}, "metadata_public": object{"team": "spies"},
		"credentials": object{"password": object{"config": object{"password": "eves password " + w.eve.name}}},
	})
	w.eveIs = w.admin.GetIdentity(t, w.eve.id)
	t.Cleanup(func() { w.admin.DeleteIdentity(t, w.eve.id) })
	return w
}

// impatient is the configuration with the time-outs of the hostile apply. Preparations have more patience, since the
// machine may be busy.
func (w *world) impatient() configuration {
	c := w.config
	c.provider = maps.Clone(c.provider)
	c.provider["request_timeout"], c.provider["max_retries"] = w.timing.request.String(), w.timing.retries
	return c
}

// identity is the configuration of an identity.
func (w *world) identity(p person) object {
	operation := w.timing.operation.String()
	return object{
		"schema_id": "preset://email",
		"traits":    object{"email": p.email(), "name": object{"first": "Ada", "last": "King"}},
		"timeouts":  object{"create": operation, "read": operation, "update": operation, "delete": operation},
	}
}

// declare adds people to the configuration.
func (w *world) declare(names ...string) {
	for _, name := range names {
		p := person{address: "ory_identity." + name, name: acctest.RandomName()}
		w.people = append(w.people, p)
		w.config.resources[p.address] = w.identity(p)
	}
}

// first is the configuration of the first person.
func (w *world) first() object { return w.config.resources[w.people[0].address] }

// remove takes everything out of the configuration.
func (w *world) remove() {
	for _, blocks := range []map[string]object{
		w.config.resources, w.config.data, w.config.ephemeral, w.config.actions,
	} {
		clear(blocks)
	}
	clear(w.config.imports)
}

// settle applies the configuration through honest answers and learns who is who.
func (w *world) settle() {
	w.Helper()
	if applied := w.tf.apply(w.config); applied.failed || len(applied.panics) > 0 {
		w.Fatalf("preparing: %s %s", applied.text, applied.panics)
	}
	w.learn()
	slices.SortFunc(w.people, func(a, b person) int { return strings.Compare(a.id, b.id) })
	w.proxy.Reset()
	w.public.Reset()
}

// learn takes the ids from the state.
func (w *world) learn() {
	ids := w.tf.ids()
	for i := range w.people {
		w.people[i].id = ids[w.people[i].address]
	}
}

// checkEve checks that the stranger is as she was, that nothing was sent about her, and that nothing of her was kept.
func (w *world) checkEve() {
	w.Helper()
	if is := w.admin.GetIdentity(w.T, w.eve.id); !reflect.DeepEqual(is, w.eveIs) {
		w.Errorf("the stranger was\n%v\nand is\n%v", w.eveIs, is)
	}
	for _, r := range append(w.proxy.Requests(), w.public.Requests()...) {
		about := strings.Contains(r.Path, w.eve.id) || strings.Contains(string(r.Body), w.eve.name) ||
			strings.Contains(string(r.Body), w.eve.id)
		if about && r.Method != http.MethodGet {
			w.Errorf("%s %s was sent with %s", r.Method, r.Path, r.Body)
		}
	}
	state, _ := w.tf.dump()
	for _, trace := range []string{w.eve.id, w.eve.name} {
		if strings.Contains(state, trace) {
			w.Errorf("the state has the stranger's %q", trace)
		}
	}
}

// checkIDs checks that the state has nobody but the people declared, and everybody who was in it before.
func (w *world) checkIDs(before map[string]string) {
	w.Helper()
	after := w.tf.ids()
	for address, id := range after {
		if !isPerson(address) {
			continue
		}
		i := slices.IndexFunc(w.people, func(p person) bool { return p.address == address })
		owners := w.admin.FindByIdentifier(w.T, w.people[i].email())
		if before[address] != id && !slices.Contains(owners, id) {
			w.Errorf("the state of %s has the id %q, and the server has %v", address, id, owners)
		}
	}
	for address, id := range before {
		gone := after[address] != id && isPerson(address)
		if gone && w.admin.Exists(w.T, id) && w.admin.GetIdentity(w.T, id)["state"] != "inactive" {
			w.Errorf("%s had the id %s, which exists, and has %q", address, id, after[address])
		}
	}
}

// checkKnown checks that every identity that was made is in the state, or that the user was told how to look for it.
func (w *world) checkKnown() {
	w.Helper()
	ids := slices.Collect(maps.Values(w.tf.ids()))
	for _, p := range w.people {
		if p.existed || isRow(p.address) { // the journal knows those of rows
			continue
		}
		for _, owner := range w.admin.FindByIdentifier(w.T, p.email()) {
			told := strings.Contains(w.text, owner) || strings.Contains(w.text, "credentials_identifier=") ||
				strings.Contains(w.text, "Search all identities")
			if !slices.Contains(ids, owner) && !told {
				w.Errorf("the identity %s of %s exists, is not in the state, and nothing was said:\n%s", owner, p.address, w.text)
			}
		}
	}
}

// redirectElsewhere redirects a request to the real server on another port, which is another origin.
func (w *world) redirectElsewhere() acctest.Alteration {
	w.elsewhere = acctest.NewProxy(w.T, w.server.AdminURL)
	return func(a *acctest.Answer) {
		a.Status, a.Body = http.StatusTemporaryRedirect, nil
		a.Header = http.Header{"Location": {w.elsewhere.URL() + a.Request.URL.RequestURI()}}
	}
}

// checkSecrets checks that no secret was printed, logged, or sent to another origin.
func (w *world) checkSecrets() {
	w.Helper()
	_, log := w.tf.dump()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.elsewhere != nil {
		for _, r := range w.elsewhere.Requests() {
			log += fmt.Sprint(r.Header)
		}
	}
	for _, secret := range w.secrets {
		for where, text := range map[string]string{"output": w.text, "log": log} {
			if at := strings.Index(text, secret); at >= 0 {
				w.Errorf("the %s has the secret %q: ...%s", where, secret, text[max(0, at-200):at+len(secret)])
			}
		}
	}
}
