package identity

import (
	"context"
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

// failedToPut is the summary if the request that sets a password or links fails.
const failedToPut = "Failed to set password or links"

// onCredentials adds the errors of a failed PUT of a changed password or new links.
func (o *operation) onCredentials(ctx context.Context, id string, links map[string][]link, err error) {
	at, _ := o.passwordDiffers()
	kinds := kindsOf(links)
	what := "setting the password"
	switch {
	case len(kinds) > 0 && errors.Is(err, kratos.ErrConflict):
		o.addLinkConflict(ctx, id, links, err)
		return
	case len(kinds) > 0 && o.sendsPassword():
		what += " and adding links"
	case len(kinds) > 0:
		at, what = credentialPath(kinds[0]), "adding links"
	}
	o.diags.AddAttributeError(at, failedToPut, base.Explain(fmt.Errorf("%s of identity %s: %w", what, id, err))+
		"\n\nAll other changes of this identity were made. The next apply tries this again.")
}

func kindsOf(links map[string][]link) []string {
	return slices.DeleteFunc(slices.Clone(linkKinds), func(kind string) bool { return len(links[kind]) == 0 })
}

func describeLinks(links map[string][]link) string {
	return describe(
		map[string][]string{
			credential.OIDC: identifiersOf(links[credential.OIDC]),
			credential.SAML: identifiersOf(links[credential.SAML]),
		},
	)
}

// describe lists links by their identifiers, as in "oidc github:1, google:2".
func describe(identifiers map[string][]string) string {
	var parts []string
	for _, kind := range linkKinds {
		if len(identifiers[kind]) > 0 {
			parts = append(parts, kind+" "+strings.Join(identifiers[kind], ", "))
		}
	}
	return strings.Join(parts, "; ")
}

// option is a feature of links that the server supports since v25.4.
type option struct {
	at   path.Path
	name string
}

func oidcOption(name string) option {
	return option{credentialPath(credential.OIDC), name + " in credentials.oidc"}
}

// laterOptions returns the options that the links use.
func laterOptions(all map[string][]link) []option {
	var options []option
	if len(all[credential.SAML]) > 0 {
		options = append(options, option{credentialPath(credential.SAML), "credentials.saml"})
	}
	if slices.ContainsFunc(all[credential.OIDC], func(l link) bool { return l.organization != "" }) {
		options = append(options, oidcOption("organization"))
	}
	if slices.ContainsFunc(all[credential.OIDC], func(l link) bool { return l.autoLink }) {
		options = append(options, oidcOption("use_auto_link"))
	}
	return options
}

var unknownField = regexp.MustCompile(`json: unknown field "([^"]*)"`)

// refused recognises the answer of a server that doesn't support an option of the links.
func (l links) refused(_ context.Context, f failure, answer *kratos.Error, diags *diag.Diagnostics) bool {
	match := unknownField.FindStringSubmatch(answer.Reason + "\n" + answer.Message)
	if match == nil {
		return false
	}
	how := answer.Error() + "."
	name := match[1]
	switch {
	case l.kind == credential.OIDC && (name == "use_auto_link" || name == "organization"):
		addUnsupported(diags, oidcOption(name).at, oidcOption(name).name, sinceV25, how)
	// This also covers answers in which redaction hides the name.
	case l.kind == credential.SAML && len(linksIn(f.plan.links(credential.SAML))) > 0:
		addUnsupported(diags, credentialPath(credential.SAML), "credentials.saml", sinceV25, how)
	default:
		return false
	}
	return true
}

// answered removes from the plan the links that the server doesn't have.
func (l links) answered(o *operation, sent func(string) bool, identity *kratos.Identity) {
	if identity.Credentials == nil || !o.creating {
		return
	}
	_, ignored := split(linksIn(o.plan.links(l.kind)), identity.Credentials[l.kind].Identifiers, nil)
	if len(ignored) > 0 {
		addUnsupported(o.diags, credentialPath(l.kind), credentialPath(l.kind).String(), sinceV25, ignoredAttribute)
	}
	l.refresh(&o.plan, identity, nil, o.diags)
}

// addIgnoredLinks adds errors for links that were sent by PUT and that the server doesn't have.
func (o *operation) addIgnoredLinks(identity *kratos.Identity, sent map[string][]link) {
	if identity.Credentials == nil {
		return
	}
	for _, kind := range linkKinds {
		if _, ignored := split(sent[kind], identity.Credentials[kind].Identifiers, nil); len(ignored) > 0 {
			addUnsupported(o.diags, credentialPath(kind), credentialPath(kind).String(), sinceV25, ignoredAttribute)
		}
	}
}

// otherWayIn is the remedy if a link can't be deleted because the person could no longer sign in.
const otherWayIn = "Give the person another way to sign in: a password in the same apply, or another link (the " +
	"provider adds new links before it deletes old links). Or keep the link. To lock the person out, set state = " +
	"\"inactive\"."

func (o *operation) onLastWayIn(id string, dropped map[string][]string, guarded bool) {
	code := ""
	if !guarded {
		code = " Sign-in by code does not count, because the server does not show whether it is enabled."
	}
	for _, kind := range linkKinds {
		if len(dropped[kind]) == 0 {
			continue
		}
		o.diags.AddAttributeError(credentialPath(kind), "Last way to sign in", fmt.Sprintf("The configuration removes "+
			"links of identity %s (%s). Without these links nobody could sign in to the identity: the identity has no "+
			"password, no other link and no passkey.%s No link was deleted. All other changes were "+
			"made.\n\n%s", id, strings.Join(dropped[kind], ", "), code, otherWayIn))
	}
}

func (o *operation) onLinkRemoval(id, kind, identifier string, err error) {
	task := "Deleting the link " + identifier + " of identity " + id
	if strings.Contains(err.Error(), "last first factor") {
		o.diags.AddAttributeError(credentialPath(kind), "Last way to sign in", fmt.Sprintf("%s: %s. %s\n\n%s", task,
			strings.TrimSuffix(err.Error(), "."), credential.DeletionRule, otherWayIn))
		return
	}
	o.diags.AddAttributeError(credentialPath(kind), "Failed to delete link", base.Explain(fmt.Errorf("%s: %w", task, err))+
		"\n\nThe link remains in "+credentialPath(kind).String()+" of the state. The next apply tries again.")
}
