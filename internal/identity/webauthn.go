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
		MarkdownDescription: "Security keys (WebAuthn) that the person has registered on another server with the same " +
			"relying party id. They contain no secrets. " +
			keyRules + "Needs " + sinceV25 + ".",
		Attributes: map[string]schema.Attribute{
			"credentials": keysAttribute("The keys.", map[string]schema.Attribute{
				"is_passwordless": schema.BoolAttribute{
					Optional: true,
					MarkdownDescription: "Whether the person signs in with the key and no password. The server's configuration must " +
						"set `webauthn.config.passwordless`. Default `false`: the key is a second factor.",
				},
			}),
			"user_handle": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "User handle that the authenticators keep with the keys, in base64. Default: the bytes of " +
					"the id of the identity.",
			},
		},
	}
}

// keyRules are the rules for keys.
const keyRules = "Terraform does not show or change keys that people add themselves. If the person replaces a key, " +
	"this is not drift. If the server has no key, this is drift. If you remove a key from the configuration, Terraform " +
	"removes the key if Terraform added it and if it is not the last way to sign in. "
