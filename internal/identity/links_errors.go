package identity

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// checkedLinks are the links of the model, all of whose values are known by now.
func (m *model) checkedLinks(diags *diag.Diagnostics) map[string][]link {
	for _, kind := range linkKinds {
		checkLinks(path.Root(kind), *m.links(kind), diags)
	}
	return m.allLinks()
}

// onCredentials tells that a PUT with a changed password or new links failed.
func (f failure) onCredentials(id string, u *updater, links map[string][]link, err error) {
	at, _ := u.passwordDiffers()
	kinds := kindsOf(links)
	what := "Setting the password"
	switch {
	case len(kinds) > 0 && errors.Is(err, kratos.ErrConflict):
		addLinkConflict(id, links, err, u.diags)
		return
	case len(kinds) > 0 && u.sendsPassword():
		what += " and adding links"
	case len(kinds) > 0:
		at, what = path.Root(kinds[0]), "Adding links"
	}
	u.diags.AddAttributeError(at, what+" of identity "+id, base.Explain(err)+"\n\nAll other changes of this identity were made. The "+
		"next apply tries this again.")
}

// addLinkConflict names every link that was sent: the server doesn't say which of them is taken.
func addLinkConflict(id string, links map[string][]link, err error, diags *diag.Diagnostics) {
	for _, kind := range kindsOf(links) {
		diags.AddAttributeError(path.Root(kind), "Adding links to identity "+id+": conflict with another identity", fmt.Sprintf("%s.\n\n"+
			"One of the new links belongs to another identity: %s. Find its owner with GET "+
			"/admin/identities?credentials_identifier=... on the admin API, and remove the link there, or here. Nothing was added; all "+
			"other changes but those of links and password were made.",
			strings.TrimSuffix(err.Error(), "."), describeLinks(links)))
	}
}

func kindsOf(links map[string][]link) []string {
	return slices.DeleteFunc(slices.Clone(linkKinds), func(kind string) bool { return len(links[kind]) == 0 })
}

func describeLinks(links map[string][]link) string {
	return describe(map[string][]string{oidc: identifiersOf(links[oidc]), saml: identifiersOf(links[saml])})
}

// describe names links by their identifiers, as "oidc github:1, google:2".
func describe(identifiers map[string][]string) string {
	var parts []string
	for _, kind := range linkKinds {
		if len(identifiers[kind]) > 0 {
			parts = append(parts, kind+" "+strings.Join(identifiers[kind], ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// option is something about links that came with v25.4.
type option struct {
	at   path.Path
	name string
}

func oidcOption(name string) option { return option{path.Root(oidc), name + " in oidc"} }

// laterOptions are what the links have that came with v25.4.
func laterOptions(links map[string][]link) []option {
	var options []option
	if len(links[saml]) > 0 {
		options = append(options, option{path.Root(saml), saml})
	}
	if slices.ContainsFunc(links[oidc], func(l link) bool { return l.organization != "" }) {
		options = append(options, oidcOption("organization"))
	}
	if slices.ContainsFunc(links[oidc], func(l link) bool { return l.autoLink }) {
		options = append(options, oidcOption("use_auto_link"))
	}
	return options
}

var unknownField = regexp.MustCompile(`json: unknown field "([^"]*)"`)

// onUnknownField adds the error on the attribute of links that the server doesn't know, if it is about one.
func (f failure) onUnknownField(err error, diags *diag.Diagnostics) bool {
	var answer *kratos.Error
	if !errors.As(err, &answer) {
		return false
	}
	match := unknownField.FindStringSubmatch(answer.Reason + "\n" + answer.Message)
	if match == nil {
		return false
	}
	how := err.Error() + "."
	switch name := match[1]; {
	case name == "use_auto_link", name == "organization":
		addUnsupportedAt(diags, oidcOption(name).at, oidcOption(name).name, how)
	case name == "external_id", name == "organization_id":
		return false
	case len(linksIn(f.plan.SAML)) > 0: // also where redaction hides the name, because a provider is called so
		addUnsupported(diags, saml, how)
	default:
		return false
	}
	return true
}

// addIgnoredLinks compares what the server has with the links that it was sent.
func addIgnoredLinks(identity *kratos.Identity, sent map[string][]link, diags *diag.Diagnostics) {
	if identity.Credentials == nil {
		return
	}
	for _, kind := range linkKinds {
		if _, ignored := split(sent[kind], identity.Credentials[kind].Identifiers, nil); len(ignored) > 0 {
			addUnsupported(diags, kind, "The server answered with success, but ignored the attribute.")
		}
	}
}

// otherWayIn is what to do where a link can't go because the person could not sign in without it.
const otherWayIn = "Give the person another way to sign in: a password in the same apply, or another link, since new ones are added " +
	"before old ones are deleted. Or keep the link; to lock the person out, set state = \"inactive\"."

func (f failure) onLastWayIn(id string, dropped map[string][]string, guarded bool, diags *diag.Diagnostics) {
	code := ""
	if !guarded {
		code = " Sign-in by code isn't counted: this server doesn't tell whether it has that."
	}
	for _, kind := range linkKinds {
		if len(dropped[kind]) == 0 {
			continue
		}
		diags.AddAttributeError(path.Root(kind), "Last way to sign in", fmt.Sprintf("The configuration drops links of identity %s "+
			"(%s), and without them nobody could sign in to it: it has no password, no other link and no passkey.%s No link was "+
			"deleted; all other changes were made.\n\n%s", id, strings.Join(dropped[kind], ", "), code, otherWayIn))
	}
}

func (f failure) onLinkRemoval(id, kind, identifier string, err error, diags *diag.Diagnostics) {
	summary := "Deleting the link " + identifier + " of identity " + id
	if strings.Contains(err.Error(), "last first factor") {
		diags.AddAttributeError(path.Root(kind), "Last way to sign in", fmt.Sprintf("%s: %s. %s\n\n%s", summary,
			strings.TrimSuffix(err.Error(), "."), credential.DeletionRule, otherWayIn))
		return
	}
	diags.AddAttributeError(path.Root(kind), summary, base.Explain(err)+"\n\nThe link stays in the state. The next apply tries again.")
}
