package identity

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// lookupSecret is credentials.lookup_secret: recovery codes. Each code is valid once, as a second factor.
var lookupSecret = factor{kind: credential.LookupSecret, form: lookupForm{secretForm{
	kind: credential.LookupSecret, name: "codes", same: sameCodes,
}}}

type lookupForm struct{ secretForm }

func (f lookupForm) attribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, Validators: []validator.Object{versionValidator{[]string{"codes_wo"}}, formValidator{f}},
		MarkdownDescription: "Recovery codes (lookup secrets), as a second factor. Each code works once. If the person " +
			"uses codes or makes new codes, this is not drift. If the server has no codes, this is drift. When Terraform " +
			"sends the codes again, used codes become valid again. If you remove the member from the configuration, Terraform " +
			"removes the codes that Terraform set, and keeps codes that the person has made since.",
		Attributes: map[string]schema.Attribute{
			"codes": schema.ListAttribute{
				Optional: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: "Unused codes, such as `[\"k3v9x2ma\", \"p07wd81z\"]`." + sentOnChange,
			},
			"codes_wo": schema.ListAttribute{
				Optional: true, Sensitive: true, WriteOnly: true, ElementType: types.StringType,
				MarkdownDescription: "Write-only form of `codes`." + sentOnVersion,
				Validators: []validator.List{
					listvalidator.AlsoRequires(beside("wo_version")), listvalidator.ConflictsWith(beside("codes")),
				},
			},
			"wo_version": versionOf("codes_wo"),
		},
	}
}

// sameCodes compares the codes of two members without their order.
func sameCodes(a, b types.Object) bool {
	codes := func(object types.Object) []string {
		list, _ := object.Attributes()["codes"].(types.List)
		texts, _ := listTexts(list)
		slices.Sort(texts)
		return texts
	}
	return slices.Equal(codes(a), codes(b))
}

// listTexts returns the strings of a list. known is false if Terraform doesn't know all of them yet.
func listTexts(list types.List) (texts []string, known bool) {
	known = !list.IsUnknown()
	for _, element := range list.Elements() {
		text, ok := element.(types.String)
		known = known && ok && !text.IsUnknown()
		texts = append(texts, text.ValueString())
	}
	return texts, known
}

// secret returns the configured codes.
func (lookupForm) secret(configured types.Object) (at string, codes []string, known bool) {
	for _, name := range []string{"codes_wo", "codes"} {
		if list, ok := configured.Attributes()[name].(types.List); ok && !list.IsNull() {
			codes, known = listTexts(list)
			return name, codes, known
		}
	}
	return "", nil, !configured.IsUnknown()
}

func (f lookupForm) config(configured types.Object) kratos.LookupSecretConfig {
	_, codes, _ := f.secret(configured)
	var config kratos.LookupSecretConfig
	for _, code := range codes {
		config.Codes = append(config.Codes, kratos.LookupSecretCode{Code: kratos.Secret(code)})
	}
	return config
}

func (f lookupForm) importInto(credentials *kratos.IdentityCredentials, configured types.Object) {
	credentials.LookupSecret = &kratos.LookupSecretCredential{Config: f.config(configured)}
}

func (f lookupForm) operations(
	id string, configured, _ types.Object, _ kratos.Credential,
) ([]kratos.PatchOperation, error) {
	op, err := kratos.SetCredential(credential.LookupSecret, []string{id}, f.config(configured).Stored())
	return []kratos.PatchOperation{op}, err
}

func (f lookupForm) marks(configured, _ types.Object, _ []string) []string {
	_, codes, _ := f.secret(configured)
	return []string{kratos.Fingerprint(codes...)}
}

func (f lookupForm) check(at path.Path, configured types.Object, diags *diag.Diagnostics) {
	name, codes, known := f.secret(configured)
	if name == "" && known {
		addEmptyFactor(at, "codes", diags)
	}
	if name == "" || !known {
		return
	}
	problem := ""
	switch sorted := slices.Sorted(slices.Values(codes)); {
	case len(codes) == 0:
		problem = "is an empty list"
	case slices.Contains(codes, ""):
		problem = "has an empty code"
	case len(slices.Compact(sorted)) < len(codes):
		problem = "has a duplicate code, and the server would refuse this code after its first use"
	}
	if problem != "" {
		diags.AddAttributeError(at.AtName(name), "Invalid lookup secrets", fmt.Sprintf("The attribute %s %s. Give it "+
			"different codes, or set %s to null for an identity without lookup secrets.", at.AtName(name), problem, at))
	}
}
