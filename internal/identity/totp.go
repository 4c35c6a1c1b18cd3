package identity

import (
	"encoding/base32"
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// totp is credentials.totp: the key of an authenticator app.
var totp = factor{kind: credential.TOTP, form: totpForm{secretForm{
	kind: credential.TOTP, name: "url",
	same: func(a, b types.Object) bool { return a.Attributes()["url"].Equal(b.Attributes()["url"]) },
}}}

type totpForm struct{ secretForm }

func (f totpForm) attribute() schema.SingleNestedAttribute {
	const format = "Secret of the app as a URL, such as " +
		"`otpauth://totp/Example:ada@example.org?secret=JBSWY3DPEHPK3PXP&issuer=Example`. Kratos supports only codes of 6 " +
		"digits, 30 seconds and SHA-1."
	return schema.SingleNestedAttribute{
		Optional: true, Validators: []validator.Object{versionValidator{[]string{"url_wo"}}, formValidator{f}},
		MarkdownDescription: "Authenticator app, as a second factor. If the person replaces the app, this is not drift. If " +
			"the server has no app, this is drift. If you remove the member from the configuration, Terraform removes the app " +
			"that Terraform set, and keeps an app that the person has set since.",
		Attributes: map[string]schema.Attribute{
			"url": schema.StringAttribute{
				Optional: true, Sensitive: true, MarkdownDescription: format + sentOnChange,
			},
			"url_wo": schema.StringAttribute{
				Optional: true, Sensitive: true, WriteOnly: true, MarkdownDescription: "Write-only form of `url`." + sentOnVersion,
				Validators: []validator.String{
					stringvalidator.AlsoRequires(beside("wo_version")), stringvalidator.ConflictsWith(beside("url")),
				},
			},
			"wo_version": versionOf("url_wo"),
		},
	}
}

// secret returns the configured URL. known is false if Terraform doesn't know it yet.
func (totpForm) secret(configured types.Object) (at, key string, known bool) {
	for _, name := range []string{"url_wo", "url"} {
		if value, ok := configured.Attributes()[name].(types.String); ok && !value.IsNull() {
			return name, value.ValueString(), !value.IsUnknown()
		}
	}
	return "", "", !configured.IsUnknown()
}

func (f totpForm) importInto(credentials *kratos.IdentityCredentials, configured types.Object) {
	credentials.TOTP = &kratos.TOTPCredential{Config: f.config(configured)}
}

func (f totpForm) config(configured types.Object) kratos.TOTPConfig {
	_, key, _ := f.secret(configured)
	return kratos.TOTPConfig{URL: kratos.Secret(key)}
}

func (f totpForm) operations(
	id string, configured, _ types.Object, _ kratos.Credential,
) ([]kratos.PatchOperation, error) {
	op, err := kratos.SetCredential(credential.TOTP, []string{id}, f.config(configured))
	return []kratos.PatchOperation{op}, err
}

func (f totpForm) marks(configured, _ types.Object, _ []string) []string {
	_, key, _ := f.secret(configured)
	return []string{kratos.Fingerprint(key)}
}

func (f totpForm) check(at path.Path, configured types.Object, diags *diag.Diagnostics) {
	name, key, known := f.secret(configured)
	switch {
	case !known:
	case name == "":
		addEmptyFactor(at, "url", diags)
	default:
		if problem := totpProblem(key); problem != "" {
			diags.AddAttributeError(at.AtName(name), "Invalid TOTP URL", fmt.Sprintf("The attribute %s %s. Nobody could "+
				"sign in with this value, although the server accepts it. Set it to the URL in the QR code for the "+
				"authenticator app, as in otpauth://totp/Example:ada@example.org?secret=...&issuer=Example, with a secret "+
				"in base32.",
				at.AtName(name), problem))
		}
	}
}

// addEmptyFactor refuses a member without its value, which isn't the same as no member.
func addEmptyFactor(at path.Path, name string, diags *diag.Diagnostics) {
	diags.AddAttributeError(at, "Empty credential", fmt.Sprintf("The attribute %s has neither %s nor %s. Set one of "+
		"them, or set %s to null for an identity without this credential.", at, name, name+writeOnlySuffix, at))
}

// totpProblem describes the problem of a URL, without the URL. The server uses only the secret of the URL, and always
// checks codes of 6 digits, 30 seconds and SHA-1.
func totpProblem(key string) string {
	parsed, err := url.Parse(strings.TrimSpace(key))
	if err != nil || parsed.Scheme != "otpauth" {
		return "is not a URL of the scheme otpauth"
	}
	query := parsed.Query()
	secret := strings.ToUpper(strings.TrimRight(strings.TrimSpace(query.Get("secret")), "="))
	_, err = base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	switch {
	case parsed.Host != credential.TOTP:
		return "is not for time-based codes (otpauth://totp/)"
	case secret == "" || err != nil:
		return "has no secret in base32"
	}
	for name, only := range map[string]string{"digits": "6", "period": "30", "algorithm": "SHA1"} {
		if value := query.Get(name); value != "" && !strings.EqualFold(value, only) {
			return fmt.Sprintf("has another %s than %s, the only value that Kratos supports", name, only)
		}
	}
	return ""
}
