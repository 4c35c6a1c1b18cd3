package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// writeOnlySuffix ends the names of write-only attributes.
const writeOnlySuffix = "_wo"

// secretForm is the common part of the factors that are a secret: one attribute with the secret, the same as a
// write-only attribute, and its version.
type secretForm struct {
	kind string
	name string // of the attribute
	same func(a, b types.Object) bool
}

func (s secretForm) changed(now, before types.Object) (string, bool) {
	value, version := now.Attributes()[s.name], now.Attributes()["wo_version"]
	switch {
	case value != nil && !value.IsNull() && (value.IsUnknown() || before.IsNull() || !s.same(now, before)):
		return s.name, true
	case version != nil && !version.IsNull() && (before.IsNull() || !version.Equal(before.Attributes()["wo_version"])):
		return "wo_version", true
	}
	return "", false
}

func (s secretForm) dropped(marks []string, planned types.Object) []string {
	if planned.IsNull() {
		return marks
	}
	return nil
}

// finds reports whether the identity has the secret that Terraform has set.
func (secretForm) finds(has kratos.Credential, marks []string) bool {
	return has.Known && slices.Contains(marks, has.Fingerprint)
}

func (s secretForm) remove(ctx context.Context, c client, id string, _ kratos.Credential, _ []string) error {
	return credential.Delete(ctx, c, id, s.kind, "")
}

func (secretForm) withPending(_, before types.Object, _ []string) types.Object { return before }

// writeOnlyRules are the rules for the versions of write-only attributes.
const (
	sentOnChange  = " The state contains it: prefer the write-only form. It is sent on create and whenever it changes."
	sentOnVersion = " It is not in the plan or the state. It is sent on create and whenever `wo_version` changes." +
		base.WriteOnlyRequirements
)

// versionOf returns the schema of wo_version for write-only attributes.
func versionOf(names ...string) schema.Int64Attribute {
	quoted := make([]string, 0, len(names))
	for _, name := range names {
		quoted = append(quoted, "`"+name+"`")
	}
	return schema.Int64Attribute{
		Optional: true,
		MarkdownDescription: "Version of " + strings.Join(quoted, " or ") + ". Change this number to send the value again. " +
			"A changed value with the same version is not sent.",
	}
}

// beside returns the path of another attribute of the same member.
func beside(name string) path.Expression { return path.MatchRelative().AtParent().AtName(name) }

// versionValidator refuses a version without one of its write-only attributes.
type versionValidator struct{ of []string }

func (v versionValidator) Description(context.Context) string {
	return "wo_version only with " + strings.Join(v.of, " or ")
}

func (v versionValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v versionValidator) ValidateObject(
	_ context.Context,
	req validator.ObjectRequest,
	resp *validator.ObjectResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	members := req.ConfigValue.Attributes()
	isNull := func(name string) bool { return members[name] == nil || members[name].IsNull() }
	if isNull("wo_version") || slices.ContainsFunc(v.of, func(name string) bool { return !isNull(name) }) {
		return
	}
	at := req.Path.AtName("wo_version")
	missing := make([]string, 0, len(v.of))
	for _, name := range v.of {
		missing = append(missing, req.Path.AtName(name).String())
	}
	none := missing[0] + " is not"
	if len(missing) > 1 {
		none = "neither " + strings.Join(missing, " nor ") + " is"
	}
	resp.Diagnostics.AddAttributeError(at, "Invalid Attribute Combination", fmt.Sprintf("The attribute %s is set, but "+
		"%s. Set the write-only value that this version belongs to, or remove the version.", at, none))
}
