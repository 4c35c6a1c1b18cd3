package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
)

// officialVersion is the schema version of the official provider's ory_identity. Its state has two shapes with this
// version: password_wo and password_wo_version were added without a new version.
const officialVersion = 0

// officialState has the useful attributes of the official provider's ory_identity. It leaves out project_api_key, so
// that the key can't reach this provider's state. It also leaves out password_wo, which is always null because it is
// write-only.
type officialState struct {
	ID                *string `json:"id"`
	SchemaID          *string `json:"schema_id"`
	Traits            *string `json:"traits"`
	MetadataPublic    *string `json:"metadata_public"`
	MetadataAdmin     *string `json:"metadata_admin"`
	State             *string `json:"state"`
	Password          *string `json:"password"`
	PasswordWOVersion *string `json:"password_wo_version"`
	ProjectSlug       *string `json:"project_slug"`
}

// parseOfficial reads the JSON of a state of the official provider. It ignores all other attributes: their values are
// read from the server.
func parseOfficial(raw []byte, diags *diag.Diagnostics) (officialState, bool) {
	var old officialState
	err := json.Unmarshal(raw, &old)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType) && wrongType.Field != "":
		addUnknownShape(diags, fmt.Sprintf("its attribute %s is not a string", wrongType.Field))
	case err != nil:
		addUnknownShape(diags, "it is not a JSON object: "+err.Error())
	case text(old.ID) == "":
		addUnknownShape(diags, "it has no id")
	case text(old.SchemaID) == "":
		addUnknownShape(diags, "it has no schema_id")
	default:
		return old, true
	}
	return officialState{}, false
}

func addUnknownShape(diags *diag.Diagnostics, problem string) {
	diags.AddError("Unknown state of the ory/ory provider", "The state is not the state of an ory_identity "+
		"that a known version of the ory/ory provider writes: "+problem+". Remove the ory_identity of the ory/ory "+
		"provider from the state, with a removed block that has destroy = false. Then import the identity into this "+
		"provider by its UUID.")
}

// intoState writes the identity to an empty state of this provider's ory_identity. Attributes that the old state didn't
// have stay null until the next Read.
func (old officialState) intoState(ctx context.Context, state *tfsdk.State, diags *diag.Diagnostics) {
	m := decode(ctx, nullObject(), diags)
	old.fill(&m, diags)
	if diags.HasError() {
		return
	}
	m.setDefaults()
	state.Raw = m.encode(ctx, diags)
}

// fill sets the attributes that the old state had. It keeps the password and its version, which are the user's record
// of what was sent, so that the next apply doesn't send the password again.
func (old officialState) fill(m *model, diags *diag.Diagnostics) {
	m.ID = base.Optional(text(old.ID))
	m.SchemaID = base.Optional(text(old.SchemaID))
	m.State = base.Optional(text(old.State))
	m.Traits = fromJSONString("traits", old.Traits, diags)
	if object := jsonvalue.Unwrap(m.Traits); !isNull(object) {
		if _, ok := members(object); !ok {
			diags.AddAttributeError(path.Root("traits"), "Value must be an object", "The attribute traits in the state "+
				"of the ory/ory provider contains JSON that is not an object. Run terraform apply -refresh-only with the "+
				"ory/ory provider, then try again.")
		}
	}
	m.MetadataPublic = fromJSONString("metadata_public", old.MetadataPublic, diags)
	m.MetadataAdmin = fromJSONString("metadata_admin", old.MetadataAdmin, diags)
	p := passwordModel{
		value:   base.Optional(text(old.Password)),
		version: versionNumber(text(old.PasswordWOVersion), diags),
	}
	if p.isSet() {
		m.setPassword(p)
	}
	if slug := text(old.ProjectSlug); slug != "" {
		diags.AddWarning("Identity has its own project", fmt.Sprintf("In the ory/ory provider, the identity %s has "+
			"its own project (%q) and API key. In this provider, both belong in the provider block: configure a provider "+
			"block, or an alias, for this project. With another project, the next plan creates the identity again.",
			text(old.ID), slug))
	}
}

// versionNumber converts password_wo_version, a string in the official provider, to a number.
func versionNumber(version string, diags *diag.Diagnostics) types.Int64 {
	if version == "" {
		return types.Int64Null()
	}
	number, err := strconv.ParseInt(version, 10, 64)
	if err == nil {
		return types.Int64Value(number)
	}
	diags.AddAttributeWarning(
		credentialPath(credential.Password).AtName("wo_version"),
		"Version is not a number",
		fmt.Sprintf("In the ory/ory provider, password_wo_version was %q. In this provider, "+
			"credentials.password.wo_version is a whole number. Set it to any whole number: the first apply only records "+
			"the number and sends no password.", version),
	)
	return types.Int64Null()
}

// fromJSONString returns the value of an attribute that was a JSON document in the old state.
func fromJSONString(name string, document *string, diags *diag.Diagnostics) types.Dynamic {
	value, err := jsonvalue.Dynamic([]byte(text(document)))
	if err != nil {
		diags.AddAttributeError(path.Root(name), "Malformed JSON in state", fmt.Sprintf("The attribute %s in the state "+
			"of the ory/ory provider is not valid JSON: %v. Run terraform apply -refresh-only with the ory/ory provider, "+
			"then try again.", name, err))
		return types.DynamicNull()
	}
	return value
}

// text returns a string of the old state, empty for null.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
