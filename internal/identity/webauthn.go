package identity

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
)

// webauthn is credentials.webauthn: security keys.
var webauthn = factor{kind: credential.WebAuthn, since: sinceV25, form: webauthnForm{keyForm{credential.WebAuthn}}}

type webauthnForm struct{ keyForm }

func (f webauthnForm) attribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, Validators: []validator.Object{formValidator{f}},
		MarkdownDescription: "Security keys (WebAuthn) that the person has registered elsewhere. Nothing in them is " +
			"secret. " +
			keyRules + "Needs " + sinceV25 + ".",
		Attributes: map[string]schema.Attribute{
			"credentials": keysAttribute("The keys.", map[string]schema.Attribute{
				"is_passwordless": schema.BoolAttribute{
					Optional: true,
					MarkdownDescription: "Whether the person signs in with the key alone, where the server's configuration has " +
						"`webauthn.config.passwordless`. Default `false`: the key is a second factor.",
				},
			}),
			"user_handle": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "User handle that the authenticators have with the keys, in base64. Default: the bytes of " +
					"the identity's id.",
			},
		},
	}
}

// keyRules are the rules for keys.
const keyRules = "Keys that people add themselves are neither shown nor touched. That a person has replaced a key is " +
	"no drift; that no key is left is. A key that the configuration drops is removed if Terraform added it, but never " +
	"the last way to sign in. "
