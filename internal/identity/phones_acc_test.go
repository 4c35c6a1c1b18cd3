package identity_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// phonesSchema has a single phone number and an array of phone numbers.
const phonesSchema = `{
  "$id": "https://schemas.example.org/phones.schema.json",
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {
    "traits": {
      "type": "object",
      "properties": {
        "phone": {"type": "string", "format": "tel", "ory.sh/kratos": {
          "credentials": {"password": {"identifier": true}, "code": {"identifier": true, "via": "sms"}}, "verification": {"via": "sms"}}},
        "others": {"type": "array", "items": {"type": "string", "format": "tel", "ory.sh/kratos": {"verification": {"via": "sms"}}}},
        "note": {"type": "string"},
        "name": {"type": "string"}
      },
      "required": ["phone"]
    }
  }
}`

// e164Proxy makes a server store certain texts in another spelling, as later versions do with phone numbers. While lose
// is set, it loses the answers to creates.
func e164Proxy(
	t *testing.T,
	server *acctest.Server,
	spellings map[string]string,
) (proxy *acctest.Proxy, lose *atomic.Bool) {
	t.Helper()
	proxy, lose = acctest.NewProxy(t, server.AdminURL), &atomic.Bool{}
	proxy.Intercept(func(w http.ResponseWriter, r *http.Request, forward http.Handler) bool {
		if r.Method != http.MethodPost && r.Method != http.MethodPatch {
			return false
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
			return false
		}
		for typed, stored := range spellings {
			body = bytes.ReplaceAll(body, []byte(`"`+typed+`"`), []byte(`"`+stored+`"`))
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		if r.Method == http.MethodPost && lose.Swap(false) {
			forward.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		forward.ServeHTTP(w, r)
		return true
	})
	return proxy, lose
}

// On a server that stores E.164, no spelling of a phone number in the configuration causes a plan, a warning or a lost
// create. This holds for single phone numbers and for arrays.
func TestAccIdentity_phonesInE164(t *testing.T) {
	t.Parallel()
	server := acctest.Kratos(t, acctest.Options{Schemas: map[string]string{"phones": phonesSchema}})
	a := newAPI(t, server)
	for name, spell := range phoneSpellings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, two, three := acctest.RandomPhone(), acctest.RandomPhone(), acctest.RandomPhone()
			spellings := map[string]string{spell(one): one, spell(two): two, spell(three): three}
			proxy, lose := e164Proxy(t, server, spellings)
			w := acctest.NewWorkspace(t, proxy.URL())
			write := func(rest string) {
				w.WriteMain(fmt.Sprintf("resource \"ory_identity\" \"test\" {\n  schema_id = \"phones\"\n  traits = { phone = "+
					"%q, others = [%q, %q], note = %q%s }\n"+
					"  verified_addresses = [%q]\n}\noutput \"id\" {\n  value = ory_identity.test.id\n}\n",
					spell(one), spell(two), spell(three), one, rest, spell(one)))
			}
			apply := func() {
				t.Helper()
				// one warning is about the development override
				if output := w.Run("apply", "-no-color", "-auto-approve"); strings.Count(output, "Warning: ") > 1 {
					t.Errorf("a warning:\n%s", output)
				}
				w.ExpectEmptyPlan()
			}
			write("")
			lose.Store(true)
			apply()
			id := w.Output("output", "-raw", "id")
			want := fmt.Sprintf(`{"traits":{"phone":%q,"others":[%q,%q],"note":%q}}`, one, two, three, one)
			if err := a.Compare(id, want); err != nil {
				t.Error(err)
			}
			write(`, name = "Ada"`)
			proxy.Reset() // from here on the server stores what is sent
			apply()
			for _, r := range proxy.Requests() {
				if r.Method == http.MethodPatch && string(r.Body) != `[{"op":"add","path":"/traits/name","value":"Ada"}]` {
					t.Errorf("sent %s", r.Body)
				}
			}
			w.Run("state", "rm", "ory_identity.test")
			w.Run("import", "-no-color", "ory_identity.test", id)
			w.Run("apply", "-no-color", "-auto-approve") // adds verified_addresses to the state
			w.ExpectEmptyPlan()
			w.Run("destroy", "-no-color", "-auto-approve")
		})
	}
}
