package kratos

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// flowJSON is a flow whose form goes to base.
func flowJSON(base string) string {
	return fmt.Sprintf(`{"id":%q,"active":"code","state":"sent_email","ui":{"action":"%s/self-service/recovery?flow=x",
		"nodes":[{"attributes":{"name":"csrf_token","value":"hunter22"}},{"attributes":{"name":"code","value":1}}]}}`, someID, base)
}

// The public API is the configured one, the admin API where both have one address, and else the one that the flow
// names. The API key goes to none of them.
func TestClient_flowIsSubmittedToThePublicAPI(t *testing.T) {
	t.Parallel()
	var public *httptest.Server
	var got *http.Request
	answer := func(w http.ResponseWriter, r *http.Request) {
		got = r
		http.SetCookie(w, &http.Cookie{Name: "csrf_token_1", Value: "a", Path: "/", HttpOnly: true})
		reply(t, w, 200, flowJSON(public.URL+"/base"))
	}
	public = httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(public.Close)
	redirect := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, public.URL+r.URL.Path, http.StatusFound)
	}
	//nolint:paralleltest // they share the request that was got
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		public  string
		path    string
	}{
		"configured":   {redirect, public.URL, "/self-service/recovery"},
		"as the flow":  {redirect, "", "/base/self-service/recovery"},
		"the same one": {nil, "", "/base/self-service/recovery"},
	} {
		t.Run(name, func(t *testing.T) {
			c, rec := serve(t, test.handler, func(cfg *Config) {
				cfg.PublicURL, cfg.APIKey = test.public, "ory_pat_1234567890"
				if test.handler == nil {
					cfg.AdminURL = public.URL + "/base"
				}
			})
			flow, err := c.StartBrowserFlow(t.Context(), RecoveryFlow)
			if err != nil || flow.Method != "code" || flow.ID != someID {
				t.Fatalf("%+v %v", flow, err)
			}
			flow.ID = "other"
			payload := json.RawMessage(`{"name":"Ada Byron"}`)
			err = c.SubmitFlow(t.Context(), flow, FlowSubmission{Method: "code", Email: "a@x.io", TransientPayload: payload})
			if err != nil || got.Method != http.MethodPost || got.URL.Path != test.path || got.URL.Query().Get("flow") != "other" {
				t.Errorf("%v, %s %s", err, got.Method, got.URL)
			}
			if got.Header.Get("Cookie") != "csrf_token_1=a" || got.Header.Get("Authorization") != "" {
				t.Errorf("headers %v", got.Header)
			}
			if text := rec.text(t); strings.Contains(text, "hunter22") || strings.Contains(text, "Byron") {
				t.Errorf("the log shows the token or the payload: %s", text)
			}
		})
	}
}

func TestClient_flowErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status           int
		body, kind, says string
	}{
		"refused with the flow": {400, `{"id":"1","state":"choose_method","ui":{"messages":[{"text":"no mail today"}]}}`, "", "no mail today"},
		"refused":               {400, `{"error":{"code":400,"reason":"Recovery is not allowed because it was disabled.","message":"m"}}`, "", "disabled"},
		"nothing sent":          {200, `{"id":"1","state":"choose_method","ui":{"action":"x"}}`, "NotKratos OutcomeUnknown", ""},
		"no flow":               {200, `{}`, "NotKratos OutcomeUnknown", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, rec := serve(t, always(t, test.status, test.body))
			flow := &Flow{ID: "1", kind: VerificationFlow, base: c.public}
			err := c.SubmitFlow(t.Context(), flow, FlowSubmission{Method: "code", Email: "a@x.io"})
			if sentinels(err) != test.kind || !strings.Contains(err.Error(), test.says) || rec.count() != 1 {
				t.Errorf("%d requests: %v", rec.count(), err)
			}
		})
	}
	c, _ := serve(t, always(t, 200, `{}`))
	if _, err := c.StartFlow(t.Context(), RecoveryFlow, ""); !errors.Is(err, ErrNotKratos) {
		t.Error(err)
	}
}

func TestClient_courierMessages(t *testing.T) {
	t.Parallel()
	const message = `{"id":"m1","status":"queued","template_type":"recovery_code_valid","body":"code hunter22","dispatches":[{"error":{"message":"refused"}}]}`
	c, rec := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == messagesPath {
			reply(t, w, 200, "["+message+"]")
			return
		}
		reply(t, w, 200, message)
	})
	list, err := c.ListCourierMessages(t.Context(), "a+b@x.io")
	if err != nil || len(list) != 1 || list[0].Status != MessageQueued || list[0].Template != "recovery_code_valid" {
		t.Errorf("%+v %v", list, err)
	}
	one, err := c.GetCourierMessage(t.Context(), "m1")
	if err != nil || len(one.Dispatches) != 1 || !strings.Contains(string(one.Dispatches[0].Error), "refused") {
		t.Errorf("%+v %v", one, err)
	}
	if uri := rec.requests[0].RequestURI; uri != "/admin/courier/messages?page_size=250&recipient=a%2Bb%40x.io" {
		t.Error(uri)
	}
	if strings.Contains(rec.text(t), "hunter22") {
		t.Error("the log shows a message")
	}
}
