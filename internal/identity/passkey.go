package identity

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
)

// passkey is credentials.passkey: keys with which the person signs in alone, found by the user handle.
var passkey = factor{kind: credential.Passkey, since: sinceV25, form: passkeyForm{keyForm{credential.Passkey}}}

type passkeyForm struct{ keyForm }

func (f passkeyForm) attribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, Validators: []validator.Object{formValidator{f}},
		MarkdownDescription: "Passkeys that the person has registered elsewhere, for the same relying party id as the " +
			"server's. Nothing in them is secret. " + keyRules + "Needs " + sinceV25 + ".",
		Attributes: map[string]schema.Attribute{
			"credentials": keysAttribute("The passkeys.", nil),
			"user_handle": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "User handle that the authenticators have with the passkeys, in base64, by which the server " +
					"finds the person. It must decode to a text in UTF-8.",
			},
		},
	}
}
