package identity

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// failure turns what the server refused into diagnostics on the attributes that caused it.
type failure struct {
	client client
	plan   model
	state  *model // nil where there is none yet
}

func (c *creator) failure() failure { return failure{client: c.client, plan: c.plan} }

func (u *updater) failure() failure {
	return failure{client: u.client, plan: u.plan, state: &u.state}
}

func (f failure) onCreate(ctx context.Context, err error, diags *diag.Diagnostics) {
	const summary = "Creating identity"
	switch {
	case f.onAttribute(ctx, summary, err, diags):
	case errors.Is(err, kratos.ErrOutcomeUnknown):
		diags.AddError("Identity may have been created", fmt.Sprintf("%s.\n\nThe request was sent, but its answer was lost, and looking "+
			"for the identity didn't tell what became of it: it may exist without being in the Terraform state. Look for it by its "+
			"login identifier (GET /admin/identities?credentials_identifier=...) or among all identities. If it is there, import it or "+
			"delete it; if not, apply again.", strings.TrimSuffix(err.Error(), ".")))
	default:
		base.AddError(diags, summary, err)
	}
}

func (f failure) onUpdate(ctx context.Context, id string, err error, diags *diag.Diagnostics) {
	summary := "Updating identity " + id
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		diags.AddError(summary, err.Error()+".\n\nThe identity was deleted outside Terraform after the plan was made. Plan again: "+
			"it will be created anew.")
	case f.onAttribute(ctx, summary, err, diags):
	default:
		base.AddError(diags, summary, err)
	}
}

// onAttribute adds err on the attribute that caused it, if it tells which.
func (f failure) onAttribute(ctx context.Context, summary string, err error, diags *diag.Diagnostics) bool {
	var answer *kratos.Error
	if !errors.As(err, &answer) || answer.StatusCode < 400 {
		return false
	}
	text := answer.Reason + "\n" + answer.Message
	switch {
	case errors.Is(err, kratos.ErrConflict):
		f.addConflict(summary, err, diags)
	case strings.Contains(text, "I[#/traits"):
		f.addViolations(answer, diags)
	case strings.Contains(text, "Unable to find JSON Schema ID"):
		diags.AddAttributeError(path.Root("schema_id"), "Unknown identity schema", fmt.Sprintf("%s.\n\n%s", err, f.knownSchemas(ctx)))
	case strings.Contains(text, `unknown field "external_id"`):
		addUnsupported(diags, "external_id", err.Error()+".")
	case strings.Contains(text, `unknown field "organization_id"`):
		addUnsupported(diags, "organization_id", err.Error()+".")
	case f.onUnknownField(err, diags):
	case strings.Contains(text, "I[#/password]"):
		diags.AddAttributeError(path.Root("password"), "Password refused", err.Error()+".\n\nChoose another password.")
	case strings.Contains(text, "identity state is not valid"):
		diags.AddAttributeError(path.Root("state"), "State refused", err.Error()+".")
	default:
		return false
	}
	return true
}

// addConflict can't name the attribute for sure: the server never says which value is taken.
func (f failure) addConflict(summary string, err error, diags *diag.Diagnostics) {
	at, what := path.Root("traits"), "a login identifier or an address among these traits"
	switch {
	case f.onlyExternalIDChanges():
		at, what = path.Root("external_id"), "this external_id (GET /admin/identities/by/external/... finds it)"
	case f.plan.ExternalID.ValueString() != "":
		what += ", or this external_id"
	}
	if links := f.plan.allLinks(); len(kindsOf(links)) > 0 {
		what += ", or one of these links (" + describeLinks(links) + ")"
	}
	diags.AddAttributeError(at, summary+": conflict with another identity", fmt.Sprintf("%s.\n\nAnother identity already has %s. "+
		"Find it with GET /admin/identities?credentials_identifier=... on the admin API. To manage that identity with Terraform, "+
		"import it:\n\n  import {\n    to = ory_identity.example\n    id = \"its UUID\"\n  }\n\nElse change the traits, or delete it.",
		strings.TrimSuffix(err.Error(), "."), what))
}

func (f failure) onlyExternalIDChanges() bool {
	return f.state != nil && !f.plan.ExternalID.Equal(f.state.ExternalID) && f.plan.SchemaID.Equal(f.state.SchemaID) &&
		jsonvalue.Equal(f.plan.Traits, f.state.Traits)
}

// knownSchemas names the identity schemas that the server does have, as far as it can be asked.
func (f failure) knownSchemas(ctx context.Context) string {
	const advice = "Set schema_id to the id of a schema in the server's configuration (identity.schemas)"
	schemas, err := f.client.ListIdentitySchemas(ctx)
	if err != nil || len(schemas) == 0 {
		return advice + "."
	}
	ids := make([]string, 0, len(schemas))
	for _, schema := range schemas {
		ids = append(ids, strconv.Quote(schema.ID))
	}
	slices.Sort(ids)
	return fmt.Sprintf("%s. This server has: %s.", advice, strings.Join(ids, ", "))
}

// addUnsupported is for attributes that came with Kratos v25.4.
func addUnsupported(diags *diag.Diagnostics, name, how string) {
	addUnsupportedAt(diags, path.Root(name), name, how)
}

func addUnsupportedAt(diags *diag.Diagnostics, at path.Path, name, how string) {
	diags.AddAttributeError(at, "Server doesn't know "+name, fmt.Sprintf("%s\n\nThe attribute %s needs Kratos v25.4 or "+
		"later, or Ory Network. Remove it, or upgrade the server.", how, name))
}

// violation is one line of the server's answer to traits that break the schema, such as
//
//	I[#/traits/name/first] S[#/properties/.../type] expected string, but got number
var violation = regexp.MustCompile(`I\[#/traits(/.*?)?\] S\[.*?\] (.*)`)

// addViolations adds each thing that breaks the identity schema on the trait that it is about.
func (f failure) addViolations(answer *kratos.Error, diags *diag.Diagnostics) {
	seen := map[string]bool{}
	for line := range strings.Lines(answer.Reason) {
		match := violation.FindStringSubmatch(strings.TrimSpace(line))
		// A line for the enclosing value comes before those that say what is wrong.
		if match == nil || match[2] == "validation failed" || seen[match[0]] {
			continue
		}
		seen[match[0]] = true
		at, where, value := traitPath(f.plan.Traits, segments(match[1]))
		diags.AddAttributeError(at, "Trait refused by the identity schema", withoutValue(fmt.Sprintf("The identity schema %q refuses %s: "+
			"%s.\n\nThe server's words (request id %s): %s", f.plan.SchemaID.ValueString(), where, match[2], answer.RequestID, match[0]), value))
	}
	if len(seen) == 0 {
		diags.AddAttributeError(path.Root("traits"), "Traits refused by the identity schema", answer.Error()+".")
	}
}

// withoutValue takes a trait's own value out of the server's words: the configuration may hold it as sensitive, which a provider
// isn't told, and the diagnostic shows the line anyway.
func withoutValue(text string, value attr.Value) string {
	if s, ok := value.(types.String); ok && s.ValueString() != "" {
		return strings.ReplaceAll(text, strconv.Quote(s.ValueString()), "the value")
	}
	return text
}

// segments splits a JSON Pointer. The server writes it as the fragment of a URL (RFC 6901, section 6).
func segments(pointer string) []string {
	var all []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		if segment == "" {
			continue
		}
		if plain, err := url.PathUnescape(segment); err == nil {
			segment = plain
		}
		all = append(all, jsonvalue.UnescapePointer(segment))
	}
	return all
}

// traitPath is the attribute path of the trait that the segments lead to from the traits, its name in words, and its value. It
// ends where the configuration has nothing deeper.
func traitPath(traits types.Dynamic, segments []string) (path.Path, string, attr.Value) {
	at, where := path.Root("traits"), "traits"
	value := jsonvalue.Unwrap(traits)
	for _, segment := range segments {
		where += "." + segment
		switch v := value.(type) {
		case types.Object:
			at, value = at.AtName(segment), jsonvalue.Unwrap(v.Attributes()[segment])
		case types.Map:
			at, value = at.AtMapKey(segment), jsonvalue.Unwrap(v.Elements()[segment])
		case interface{ Elements() []attr.Value }:
			i, err := strconv.Atoi(segment)
			if err != nil || i < 0 || i >= len(v.Elements()) {
				return at, where, value
			}
			at, value = elementPath(at, value, i), jsonvalue.Unwrap(v.Elements()[i])
		default:
			return at, where, value
		}
	}
	return at, where, value
}

func elementPath(at path.Path, array attr.Value, i int) path.Path {
	switch array.(type) {
	case types.List:
		return at.AtListIndex(i)
	case types.Tuple:
		return at.AtTupleIndex(i)
	}
	return at
}
