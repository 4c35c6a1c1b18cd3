package identity

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
)

// passkey is credentials.passkey: keys with which the person signs in without a password. The server finds the person
// by the user handle.
var passkey = factor{kind: credential.Passkey, since: sinceV25, form: passkeyForm{keyForm{credential.Passkey}}}

type passkeyForm struct{ keyForm }

func (f passkeyForm) attribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, Validators: []validator.Object{formValidator{f}},
		MarkdownDescription: "Passkeys that the person has registered on another server with the same relying party id. " +
			"They contain no secrets. " + keyRules + "Needs " + sinceV25 + ".",
		Attributes: map[string]schema.Attribute{
			"credentials": keysAttribute("The passkeys.", nil),
			"user_handle": schema.StringAttribute{
				Required: true,
				MarkdownDescription: "User handle that the authenticators keep with the passkeys, in base64. The server finds " +
					"the person by it. It must decode to UTF-8 text.",
			},
		},
	}
}
