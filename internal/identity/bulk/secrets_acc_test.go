package bulk_test

import (
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// Hashes of "analytical-engine-1843" and "another-engine-1843".
const (
	firstHash  = "$argon2id$v=19$m=19456,t=2,p=1$z+AN3kbvlCYB/6+54oJegA$YKC/wET+BavhRAnDOr/dM5pI9k+rseoy+aXLKTKrCls"
	firstPlain = "analytical-engine-1843"
	otherPlain = "another-engine-1843"
)

// People sign in with the hashes and passwords of the documents, which reach neither state nor output, nor the most
// verbose log.
func TestAccIdentities_passwords(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t)
	prefix := acctest.RandomName()
	w := acctest.NewWorkspace(t, server.AdminURL)
	w.Env = append(w.Env, "TF_LOG_PROVIDER=TRACE")
	all := rows(prefix, 45)
	hashes, passwords := map[string]string{}, map[string]string{}
	for k := range all {
		hashes[k], passwords[k] = firstHash, otherPlain
	}
	expectLogin := func(i int, good, bad string) {
		t.Helper()
		if _, err := acctest.Login(t.Context(), server.PublicURL, email(prefix, i), good); err != nil {
			t.Errorf("%d: %v", i, err)
		}
		if _, err := acctest.Login(t.Context(), server.PublicURL, email(prefix, i), bad); !errors.Is(err, acctest.ErrBadCredentials) {
			t.Errorf("%d: %v", i, err)
		}
	}
	write := func(name string, document map[string]string) {
		text, _ := json.Marshal(document)
		w.Write(name, string(text))
	}
	hashes["nobody"], hashes[key(1)] = firstHash, "secret-that-is-no-hash"
	write("hashes.json", hashes)
	configure(t, w, all, `password_hashes_wo = file("hashes.json")
  password_hashes_wo_version = 1`)
	output, code := w.Try("plan", "-no-color")
	if code == 0 || strings.Contains(output, "secret-that") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
	expectAll(t, output, `"nobody": password_hashes_wo has this key`, `"k00001": password_hashes_wo has no hash in a format`)

	delete(hashes, "nobody")
	hashes[key(1)] = firstHash
	write("hashes.json", hashes)
	output = w.Run("apply", "-auto-approve", "-no-color")
	if !strings.Contains(output, "creating identities: finished") || !strings.Contains(output, "rows_done=45") ||
		!strings.Contains(output, "request body") {
		t.Error("no progress is logged, or no request")
	}
	w.ExpectEmptyPlan()
	expectLogin(0, firstPlain, otherPlain)
	expectLogin(44, firstPlain, otherPlain)

	// A row that comes back gets its hash again.
	acctest.AdminOf(server).DeleteIdentity(t, ids(t, w)[key(7)])
	w.Run("apply", "-auto-approve", "-no-color")
	expectLogin(7, firstPlain, otherPlain)

	// Passwords in plain text, for all.
	write("passwords.json", passwords)
	configure(t, w, all, `passwords_wo = file("passwords.json")
  passwords_wo_version = 1`)
	output += w.Run("apply", "-auto-approve", "-no-color")
	w.ExpectEmptyPlan()
	expectLogin(0, otherPlain, firstPlain)
	expectLogin(7, otherPlain, firstPlain)
	for _, text := range []string{output, w.Read("terraform.tfstate")} {
		if strings.Contains(text, otherPlain) || strings.Contains(text, "argon2id$") {
			t.Error("a password or a hash is in the state or in the output")
		}
	}
	w.Run("destroy", "-auto-approve", "-no-color")
	configure(t, w, all, `passwords_wo = file("passwords.json")
  passwords_wo_version = 1`)
	w.Run("apply", "-auto-approve", "-no-color") // in batches of 20
	expectLogin(44, otherPlain, firstPlain)
}

// At the limits of an Ory Network project no request is refused for its rate, and one batch at a time is on its way.
// NETWORK_ROWS sets another number of rows.
func TestAccIdentities_network(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Alone: true})
	options := networksim.Network(networksim.Production)
	network := acctest.NewNetwork(t, server, options)
	prefix := acctest.RandomName()
	w := acctest.NewNetworkWorkspace(t, network)
	size := 1200
	if n, err := strconv.Atoi(os.Getenv("NETWORK_ROWS")); err == nil {
		size = n
	}
	all := rows(prefix, size)
	for i := range size {
		all[key(i)]["verified_addresses"] = []string{email(prefix, i)}
	}
	configure(t, w, all, "")
	began := time.Now()
	w.Run("apply", "-auto-approve", "-no-color")
	if took := time.Since(began); took > 3*time.Minute { // for 10,000 rows
		t.Errorf("applied in %s", took)
	} else {
		t.Logf("applied in %s", took)
	}
	w.ExpectEmptyPlan()
	expectPeople(t, server, prefix, size)
	counts := network.Counts()
	t.Log(counts)
	busy := counts.Answered(networksim.AlreadyBusy) + counts.Answered(networksim.RateLimited)
	if busy > 0 || counts.Requests(networksim.Batch) > size/100+1 {
		t.Errorf("too many requests:\n%s", counts)
	}
}
