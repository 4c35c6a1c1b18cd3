package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// link is one element of the sets oidc and saml.
type link struct {
	provider, subject, organization string
	autoLink                        bool
	known                           bool // provider and subject are both known

	value attr.Value // the element of the set
}

// identifier returns the server's identifier of the link. The server compares identifiers of links exactly, including
// case.
func (l link) identifier() string { return l.provider + ":" + l.subject }

func (l link) sameOptions(other link) bool {
	return strings.EqualFold(l.organization, other.organization) && l.autoLink == other.autoLink
}

// linksIn returns the links of a set. It returns none if the set is null or unknown.
func linksIn(set types.Set) []link {
	var links []link
	for _, element := range set.Elements() {
		object, ok := element.(types.Object)
		if !ok || object.IsNull() || object.IsUnknown() {
			links = append(links, link{value: element})
			continue
		}
		l := link{value: element, known: true}
		for name, field := range map[string]*string{
			"provider": &l.provider, "subject": &l.subject, "organization": &l.organization,
		} {
			text, _ := object.Attributes()[name].(types.String)
			*field = text.ValueString()
			l.known = l.known && (!text.IsUnknown() || name == "organization")
		}
		auto, _ := object.Attributes()["use_auto_link"].(types.Bool)
		l.autoLink = auto.ValueBool()
		links = append(links, l)
	}
	return links
}

func identifiersOf(links []link) []string {
	identifiers := make([]string, 0, len(links))
	for _, l := range links {
		if l.known {
			identifiers = append(identifiers, l.identifier())
		}
	}
	slices.Sort(identifiers)
	return identifiers
}

// holds reports whether the server's identifiers include the link. The first sign-in replaces the subject of a link
// with use_auto_link. Such a link is therefore also included if there is an identifier of the same provider that
// Terraform doesn't know. known contains the identifiers that Terraform knows.
func holds(identifiers []string, l link, known []string) bool {
	return slices.ContainsFunc(identifiers, func(identifier string) bool {
		return identifier == l.identifier() ||
			l.autoLink && strings.HasPrefix(identifier, l.provider+":") && !slices.Contains(known, identifier)
	})
}

// split divides the links into links that the server's identifiers include and missing links.
func split(links []link, identifiers, known []string) (there, missing []link) {
	for _, l := range links {
		if l.known && holds(identifiers, l, known) {
			there = append(there, l)
		} else {
			missing = append(missing, l)
		}
	}
	return there, missing
}

// linkCredential converts links to the credential of a request, nil if there are no links.
func linkCredential(links []link) *kratos.LinkCredential {
	if len(links) == 0 {
		return nil
	}
	providers := make([]kratos.LinkProvider, 0, len(links))
	for _, l := range links {
		providers = append(providers, kratos.LinkProvider{
			Provider: l.provider, Subject: l.subject, Organization: l.organization, UseAutoLink: l.autoLink,
		})
	}
	return &kratos.LinkCredential{Config: kratos.LinkConfig{Providers: providers}}
}

// linksOf returns the field of a request body for the links of a type.
func linksOf(credentials *kratos.IdentityCredentials, kind string) **kratos.LinkCredential {
	if kind == credential.SAML {
		return &credentials.SAML
	}
	return &credentials.OIDC
}

// linkObject returns the schema of one link.
func linkObject(kind string) schema.NestedAttributeObject {
	attributes := map[string]schema.Attribute{
		"provider": schema.StringAttribute{
			Required: true, MarkdownDescription: "Id of the provider in the server's configuration, such as `github`.",
		},
		"subject": schema.StringAttribute{
			Required: true, MarkdownDescription: "Id of the account at the provider: the claim `sub` or the SAML name id.",
		},
		"organization": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Id (UUID) of the organization that the provider belongs to. It is sent only when the link " +
				"is added. Needs Kratos v25.4 or later, or Ory Network.",
			Validators: []validator.String{base.UUID()},
		},
	}
	if kind == credential.OIDC {
		attributes["use_auto_link"] = schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the first sign-in through the provider replaces this link with a link to the " +
				"account that the person used. It is sent only when the link is added. Needs Kratos v25.4 or later, or Ory " +
				"Network.",
		}
	}
	return schema.NestedAttributeObject{Attributes: attributes}
}

// linksValidator refuses links that the server accepts although nobody can sign in with them, and links that the server
// can't distinguish.
type linksValidator struct{}

func (linksValidator) Description(context.Context) string {
	return "links with a provider and a subject, each link once"
}

func (v linksValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (linksValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	checkLinks(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// checkLinks skips unknown values. Create and Update repeat the check when all values are known.
func checkLinks(at path.Path, set types.Set, diags *diag.Diagnostics) {
	seen := map[string]bool{}
	for _, l := range linksIn(set) {
		if !l.known {
			continue
		}
		var empty []string
		for _, field := range []struct{ name, value string }{{"provider", l.provider}, {"subject", l.subject}} {
			if field.value == "" {
				empty = append(empty, field.name)
			}
		}
		if len(empty) > 0 {
			diags.AddAttributeError(at, "Empty link", fmt.Sprintf("The attribute %s has a link whose %s is empty "+
				"(provider %q, subject %q). Set provider to the id of the provider in the server's configuration and "+
				"subject to the id of the account at the provider, or remove the link.",
				at, strings.Join(empty, " and "), l.provider, l.subject))
		}
		if strings.ContainsRune(l.identifier(), 0) {
			diags.AddAttributeError(at, "Link with NUL character", fmt.Sprintf("The attribute %s has a link whose provider "+
				"or subject contains a NUL character (\\u0000), which PostgreSQL does not store: %q. Remove the NUL "+
				"character.", at, l.identifier()))
		}
		if seen[l.identifier()] {
			diags.AddAttributeError(at, "Duplicate link", fmt.Sprintf("The attribute %s has two links with the "+
				"identifier %q (provider and subject). An account can be linked only once: remove one of the "+
				"links.", at, l.identifier()))
		}
		seen[l.identifier()] = true
	}
}
