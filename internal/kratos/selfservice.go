package kratos

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// FlowKind is a self-service flow in which the server sends a message to an address.
type FlowKind string

// The flows that send messages.
const (
	RecoveryFlow     FlowKind = "recovery"
	VerificationFlow FlowKind = "verification"
)

func (f FlowKind) path() string { return "/self-service/" + string(f) }

// stateSent is the state of a flow whose message is in the queue of the courier.
const stateSent = "sent_email"

// Flow is a self-service flow of the public API ("recoveryFlow", "verificationFlow").
type Flow struct {
	ID     string
	Method string // the method of the server's messages in such flows: "code" or "link"

	kind    FlowKind
	base    *url.URL // of the public API
	csrf    string   // of a browser flow, with its cookies
	cookies string
}

// flowAnswer is the server's response about a flow.
type flowAnswer struct {
	ID     string `json:"id"`
	Active string `json:"active"`
	State  string `json:"state"`
	UI     struct {
		Action string `json:"action"`
		Nodes  bounded[struct {
			Attributes struct {
				Name  string          `json:"name"`
				Value json.RawMessage `json:"value"`
			} `json:"attributes"`
		}] `json:"nodes"`
	} `json:"ui"`
}

// StartFlow sends GET /self-service/{kind}/api ("createNativeRecoveryFlow", "createNativeVerificationFlow"). target is
// the URL to return to, which the server's configuration must allow, or "".
func (c *Client) StartFlow(ctx context.Context, kind FlowKind, target string) (*Flow, error) {
	return c.startFlow(ctx, kind, "/api", target)
}

// StartBrowserFlow sends GET /self-service/{kind}/browser ("createBrowserRecoveryFlow") like a browser without cookies.
// With the cookies of the flow, [Client.SubmitFlow] can submit another browser flow: the caller sets its ID.
func (c *Client) StartBrowserFlow(ctx context.Context, kind FlowKind) (*Flow, error) {
	return c.startFlow(ctx, kind, "/browser", "")
}

func (c *Client) startFlow(ctx context.Context, kind FlowKind, form, target string) (*Flow, error) {
	r := request{
		method: http.MethodGet, path: kind.path() + form, query: returnTo(target), public: true, keyless: true, hidden: true,
	}
	var flow *Flow
	err := c.do(ctx, r, func(res *response) error {
		var answer flowAnswer
		if err := json.Unmarshal(res.body, &answer); err != nil || answer.ID == "" || answer.UI.Action == "" {
			return res.undecodable(string(kind)+" flow", err)
		}
		flow = &Flow{ID: answer.ID, Method: answer.Active, kind: kind, base: c.publicOf(answer.UI.Action, kind)}
		for _, node := range answer.UI.Nodes {
			if node.Attributes.Name == "csrf_token" {
				_ = json.Unmarshal(node.Attributes.Value, &flow.csrf) // a native flow has an empty one
			}
		}
		flow.cookies = cookiesOf(res.header)
		return nil
	})
	return flow, err
}

// publicOf returns the base URL of the public API: the configured URL, or else that of the action of the flow. Writes
// can't follow the redirect of the admin API.
func (c *Client) publicOf(action string, kind FlowKind) *url.URL {
	at, err := url.Parse(action)
	if err != nil || at.Host == "" || c.public != c.admin || origin(at) == origin(c.admin) {
		return c.public
	}
	path := strings.TrimSuffix(at.EscapedPath(), kind.path())
	return &url.URL{Scheme: at.Scheme, Host: at.Host, Path: unescaped(path), RawPath: path}
}

// cookiesOf returns the cookies that a response sets, as a request sends them.
func cookiesOf(header http.Header) string {
	var pairs []string
	for _, cookie := range (&http.Response{Header: header}).Cookies() {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	return strings.Join(pairs, "; ")
}

// FlowSubmission is a request to send the message of a flow (such as "updateRecoveryFlowWithCodeMethod").
type FlowSubmission struct {
	Method           string          `json:"method"`
	Email            string          `json:"email"` // the address, of any channel
	CSRFToken        string          `json:"csrf_token,omitempty"`
	TransientPayload json.RawMessage `json:"transient_payload,omitempty"` // for the templates and hooks of the server
}

// SubmitFlow sends POST /self-service/{kind} ("updateRecoveryFlow", "updateVerificationFlow"), which puts a message
// into the queue of the server's courier. It isn't repeated after a lost response, because a repetition would send a
// second message.
func (c *Client) SubmitFlow(ctx context.Context, flow *Flow, submission FlowSubmission) error {
	submission.CSRFToken = flow.csrf
	r := request{
		method: http.MethodPost, path: flow.kind.path(), query: url.Values{"flow": {flow.ID}}, body: submission,
		public: true, base: flow.base, keyless: true, hidden: true, header: http.Header{},
	}
	if flow.cookies != "" {
		r.header.Set("Cookie", flow.cookies)
	}
	return c.do(ctx, r, func(res *response) error {
		var answer flowAnswer
		if err := json.Unmarshal(res.body, &answer); err != nil || answer.State != stateSent {
			return res.undecodable("flow in the state "+stateSent+" but "+cmp.Or(answer.State, "none"), err)
		}
		return nil
	})
}
