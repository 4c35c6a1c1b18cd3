package identity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

func linkAttributes() map[string]schema.Attribute {
	const rules = " Links that people make themselves are neither shown nor touched. New links are sent once, and before old ones " +
		"are deleted; dropping one deletes it if Terraform added it, but never the last way to sign in. An account that was linked " +
		"before an import only becomes known to Terraform."
	return map[string]schema.Attribute{
		oidc: schema.SetNestedAttribute{
			Optional: true, NestedObject: linkObject(oidc), Validators: []validator.Set{linksValidator{}},
			MarkdownDescription: "Accounts at OpenID Connect and OAuth 2.0 providers that the person can sign in with." + rules,
		},
		saml: schema.SetNestedAttribute{
			Optional: true, NestedObject: linkObject(saml), Validators: []validator.Set{linksValidator{}},
			MarkdownDescription: "Accounts at SAML providers that the person can sign in with. Needs Kratos v25.4 or later, or Ory " +
				"Network." + rules,
		},
	}
}

// linkObject is the shape of one link.
func linkObject(kind string) schema.NestedAttributeObject {
	attributes := map[string]schema.Attribute{
		"provider": schema.StringAttribute{
			Required: true, MarkdownDescription: "Id of the provider in the server's configuration, such as `github`.",
		},
		"subject": schema.StringAttribute{
			Required: true, MarkdownDescription: "What the provider calls the account: the claim `sub`, or the SAML name id.",
		},
		"organization": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Id (UUID) of the organization that the provider belongs to. Sent only when the link is added. Needs " +
				"Kratos v25.4 or later, or Ory Network.",
			Validators: []validator.String{base.UUID()},
		},
	}
	if kind == oidc {
		attributes["use_auto_link"] = schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether the first sign-in through the provider replaces this link by one to the account that was " +
				"used. Sent only when the link is added. Needs Kratos v25.4 or later, or Ory Network.",
		}
	}
	return schema.NestedAttributeObject{Attributes: attributes}
}

// linksValidator refuses links that the server would take and nobody could sign in with, and those that it can't tell apart.
type linksValidator struct{}

func (linksValidator) Description(context.Context) string {
	return "a provider and a subject in each, no two alike"
}

func (v linksValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (linksValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	checkLinks(req.Path, req.ConfigValue, &resp.Diagnostics)
}

// checkLinks leaves out what isn't known yet: Create and Update ask again when it is.
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
			diags.AddAttributeError(at, "Empty link", fmt.Sprintf("The attribute %s has a link whose %s is empty (provider %q, subject "+
				"%q). Give it the provider's id in the server's configuration and the account's id at the provider, or remove the link.",
				at, strings.Join(empty, " and "), l.provider, l.subject))
		}
		if seen[l.identifier()] {
			diags.AddAttributeError(at, "Link given twice", fmt.Sprintf("The attribute %s has two links with the identifier %q "+
				"(provider and subject). An account can be linked only once: remove one of them.", at, l.identifier()))
		}
		seen[l.identifier()] = true
	}
}
