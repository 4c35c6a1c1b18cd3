package identity

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// fakeLinks simulates a server that has one identity with links. It can behave in ways that the Kratos of CI doesn't.
type fakeLinks struct {
	fakeServer
	before bool // a server before v25.4
	loses  int  // number of answers to PUTs that are still to be lost
}

func (f *fakeLinks) GetIdentity(_ context.Context, _ string, credentials ...string) (*kratos.Identity, error) {
	if f.before && slices.Contains(credentials, credential.SAML) {
		return nil, &kratos.Error{StatusCode: http.StatusBadRequest, Reason: "Invalid value `[saml]` for parameter " +
			"`include_credential`."}
	}
	identity := f.identity
	identity.Credentials = maps.Clone(identity.Credentials)
	return &identity, nil
}

func (f *fakeLinks) UpdateIdentity(
	ctx context.Context,
	id string,
	build func(*kratos.Identity) (kratos.UpdateIdentityBody, bool),
) (*kratos.Identity, error) {
	current, err := f.GetIdentity(ctx, id)
	if err != nil {
		return nil, err
	}
	body, needed := build(current)
	if !needed {
		return current, nil
	}
	f.puts = append(f.puts, body)
	if f.loses--; f.loses >= 0 {
		return nil, errors.Join(errors.New("connection reset"), kratos.ErrOutcomeUnknown)
	}
	for kind, added := range map[string]*kratos.LinkCredential{credential.OIDC: body.Credentials.OIDC, credential.SAML: body.Credentials.SAML} {
		if added == nil || f.ignores {
			continue
		}
		has := f.identity.Credentials[kind]
		for _, p := range added.Config.Providers {
			has.Identifiers = append(has.Identifiers, p.Provider+":"+p.Subject)
		}
		f.identity.Credentials[kind] = has
	}
	return f.GetIdentity(ctx, id)
}

func (f *fakeLinks) DeleteCredential(_ context.Context, _, kind, identifier string) error {
	has := f.identity.Credentials[kind]
	has.Identifiers = slices.DeleteFunc(
		slices.Clone(has.Identifiers),
		func(other string) bool { return other == identifier },
	)
	f.identity.Credentials[kind] = has
	return nil
}

func linkSet(kind string, links ...link) types.Set {
	elements := []attr.Value{}
	for _, l := range links {
		values := map[string]attr.Value{
			"provider": types.StringValue(
				l.provider,
			), "subject": types.StringValue(l.subject), "organization": base.Optional(l.organization),
		}
		attributes := map[string]attr.Type{
			"provider":     types.StringType,
			"subject":      types.StringType,
			"organization": types.StringType,
		}
		if kind == credential.OIDC {
			values["use_auto_link"], attributes["use_auto_link"] = types.BoolValue(l.autoLink), types.BoolType
		}
		elements = append(elements, types.ObjectValueMust(attributes, values))
	}
	return types.SetValueMust(linkObject(kind).Type(), elements)
}

var (
	github = link{provider: "github", subject: "1"}
	google = link{provider: "google", subject: "placeholder", autoLink: true}
)

// updateLinks returns an update of the links from before to after. Terraform added all links of before.
func updateLinks(t *testing.T, server *fakeLinks, kind string, before, after []link) *updater {
	t.Helper()
	server.identity.Credentials = map[string]kratos.Credential{
		kind: {Identifiers: identifiersOf(linksIn(linkSet(kind, before...)))},
	}
	u, _ := update(t, &server.fakeServer, func(*model) {})
	u.client = server
	u.known = server.identity
	for _, k := range linkKinds {
		u.state.setCredential(k, linkSet(k))
		u.plan.setCredential(k, linkSet(k))
	}
	u.state.setCredential(kind, linkSet(kind, before...))
	u.plan.setCredential(kind, linkSet(kind, after...))
	u.config = u.plan
	u.owned.setLinks(kind, identifiersOf(linksIn(u.state.links(kind))))
	return u
}

func refreshLinks(m *model, identity *kratos.Identity) {
	for _, kind := range linkKinds {
		links{kind: kind}.refresh(m, identity, nil, nil)
	}
}

// carriedOut carries out the update and returns the saved state.
func carriedOut(t *testing.T, u *updater) (state model, ok bool) {
	t.Helper()
	ok = u.carryOut(t.Context(), func(m model) { state = m })
	return state, ok
}

func TestLinks_samlBody(t *testing.T) {
	t.Parallel()
	const organization = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
	server := &fakeLinks{}
	u := updateLinks(t, server, credential.SAML, nil, []link{{provider: "okta", subject: "1", organization: organization}})
	if _, ok := carriedOut(t, u); !ok || len(server.puts) != 1 {
		t.Fatalf("%v, %d PUTs", u.diags, len(server.puts))
	}
	credentials := jsonvalue.EncodePlain(server.puts[0].Credentials)
	if want := `{"saml":{"config":{"providers":[{"provider":"okta","subject":"1","organization":"` + organization + `"}]}}}`; string(
		credentials,
	) != want {
		t.Errorf("sent %s, want %s", credentials, want)
	}
	if got := u.owned.Links[credential.SAML]; !slices.Equal(got, []string{"okta:1"}) {
		t.Errorf("owned %q", got)
	}
}

func TestLinks_unsupported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		server *fakeLinks
		kind   string
		link   link
		want   string
		puts   int
	}{
		"before v25.4, saml":      {&fakeLinks{before: true}, credential.SAML, github, "attribute credentials.saml needs", 0},
		"before v25.4, auto link": {&fakeLinks{before: true}, credential.OIDC, google, "attribute use_auto_link", 0},
		"ignored":                 {&fakeLinks{fakeServer: fakeServer{ignores: true}}, credential.OIDC, github, "attribute credentials.oidc needs", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := updateLinks(t, test.server, test.kind, nil, []link{test.link})
			state, ok := carriedOut(t, u)
			if ok || len(test.server.puts) != test.puts {
				t.Errorf("%d PUTs, want %d", len(test.server.puts), test.puts)
			}
			if !u.diags.HasError() || !strings.Contains(u.diags.Errors()[0].Detail(), test.want) {
				t.Errorf("%v", u.diags)
			}
			if links := linksIn(state.links(test.kind)); len(links) != 0 {
				t.Errorf("the state has %v", links)
			}
		})
	}
}

func TestLinks_lostAnswer(t *testing.T) {
	t.Parallel()
	server := &fakeLinks{loses: 1}
	u := updateLinks(t, server, credential.OIDC, nil, []link{github})
	state, ok := carriedOut(t, u)
	if ok || len(server.puts) != 1 || !u.diags.HasError() || len(linksIn(state.links(credential.OIDC))) != 0 ||
		len(u.owned.Links[credential.OIDC]) != 0 {
		t.Errorf("%d PUTs, %v, state %v", len(server.puts), u.diags, state.links(credential.OIDC))
	}
}

// A link with use_auto_link counts as present while its replacement exists. The update then neither sends the link
// again nor deletes the replacement.
func TestLinks_autoLinkReplaced(t *testing.T) {
	t.Parallel()
	server := &fakeLinks{}
	replaced := func(u *updater) {
		server.identity.Credentials[credential.OIDC] = kratos.Credential{Identifiers: []string{"google:real"}}
		u.known = server.identity
	}
	u := updateLinks(t, server, credential.OIDC, []link{google}, []link{google, github})
	replaced(u)
	m := u.state
	refreshLinks(&m, &server.identity)
	if !m.links(credential.OIDC).Equal(u.state.links(credential.OIDC)) {
		t.Errorf("drift: %v", m.links(credential.OIDC))
	}
	if _, ok := carriedOut(t, u); !ok || len(server.puts) != 1 ||
		len(server.puts[0].Credentials.OIDC.Config.Providers) != 1 {
		t.Errorf("%v %+v", u.diags, server.puts)
	}

	u = updateLinks(t, server, credential.OIDC, []link{google}, nil)
	replaced(u)
	if _, ok := carriedOut(t, u); !ok ||
		!slices.Equal(server.identity.Credentials[credential.OIDC].Identifiers, []string{"google:real"}) {
		t.Errorf("%v %v", u.diags, server.identity.Credentials)
	}

	// A link that is about to be deleted doesn't count as the replacement of a new link.
	other := google
	other.subject = "other"
	u = updateLinks(t, server, credential.OIDC, []link{google}, []link{other})
	if _, ok := carriedOut(t, u); !ok ||
		!slices.Equal(server.identity.Credentials[credential.OIDC].Identifiers, []string{"google:other"}) {
		t.Errorf("%v %v", u.diags, server.identity.Credentials)
	}

	refreshLinks(&m, &kratos.Identity{Credentials: map[string]kratos.Credential{"password": {}}})
	if len(m.links(credential.OIDC).Elements()) != 0 {
		t.Errorf("gone, but the state has %v", m.links(credential.OIDC))
	}
}
