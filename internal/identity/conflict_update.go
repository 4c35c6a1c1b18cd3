package identity

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/identity/lookup"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const conflictSummary = "Conflict with another identity"

// addConflict adds the error of a JSON Patch that conflicts with another identity. The server doesn't report which
// value another identity has, so the error names the identity that a lookup finds.
func (f failure) addConflict(ctx context.Context, err error, diags *diag.Diagnostics) {
	body := kratos.CreateIdentityBody{SchemaID: f.plan.SchemaID.ValueString()}
	if f.state == nil || !f.plan.ExternalID.Equal(f.state.ExternalID) {
		body.ExternalID = f.plan.ExternalID.ValueString()
	}
	body.Traits = encodeJSON(path.Root("traits"), f.plan.Traits, nil, &diag.Diagnostics{})
	found, findErr := lookup.FindOwners(ctx, f.client, f.schemas, body)
	if f.state != nil {
		found = found.Without(f.state.ID.ValueString())
	}
	at := path.Root("traits")
	owner := found.One()
	if f.onlyExternalIDChanges() || (owner != nil && body.ExternalID != "" && owner.ExternalID == body.ExternalID) {
		at = path.Root("external_id")
	}
	text := describeOwners(found, findErr, body.SchemaID, f.data)
	if text == "" {
		text = otherOwner(owner.ID, "the common traits or the common external_id")
	}
	diags.AddAttributeError(at, conflictSummary, fmt.Sprintf("%s.\n\n%s Nothing was changed.",
		strings.TrimSuffix(err.Error(), "."), text))
}

// otherOwner describes an identity that belongs to no resource of this walk and has a value that an update sends.
func otherOwner(id, what string) string {
	return fmt.Sprintf("The other identity is %s. Change or remove %s in one of the two identities. If another "+
		"resource of the configuration manages the other identity, do not import it again. If that resource gives up "+
		"the value, apply again, or add that resource to depends_on of this resource. Otherwise, Terraform can manage "+
		"the other identity as a separate resource:\n\n%s\n\n",
		id, what, importBlock(id, "another resource"))
}

func (f failure) onlyExternalIDChanges() bool {
	return f.state != nil && !f.plan.ExternalID.Equal(f.state.ExternalID) && f.plan.SchemaID.Equal(f.state.SchemaID) &&
		jsonvalue.Equal(f.plan.Traits, f.state.Traits)
}

// addLinkConflict adds the error of new links that conflict with another identity. The server doesn't report which link
// another identity has, so each link is looked up.
func (o *operation) addLinkConflict(ctx context.Context, id string, links map[string][]link, err error) {
	const unsent = "The links and the password are unchanged. All other changes were made."
	said := strings.TrimSuffix(err.Error(), ".")
	found := false
	for _, kind := range kindsOf(links) {
		owners, findErr := lookup.FindLinkOwners(ctx, o.client, kind, linkCredential(links[kind]))
		for _, identifier := range slices.Sorted(maps.Keys(owners)) {
			owner := owners[identifier]
			if owner.ID == id {
				continue
			}
			found = true
			text := describeOwners(lookup.Owners{Identities: []*kratos.Identity{owner}}, nil, "", o.data)
			if text == "" {
				text = otherOwner(owner.ID, "the common link")
			}
			o.diags.AddAttributeError(credentialPath(kind), conflictSummary, fmt.Sprintf("%s.\n\nThe link %q in %s belongs "+
				"to another identity. %s %s", said, identifier, credentialPath(kind), text, unsent))
		}
		if findErr != nil {
			found = true
			o.diags.AddAttributeError(credentialPath(kind), conflictSummary, fmt.Sprintf("%s.\n\nOne of the new links "+
				"belongs to another identity: %s. %s %s",
				said, describeLinks(links), describeOwners(lookup.Owners{}, findErr, "", nil), unsent))
		}
	}
	if !found {
		kinds := kindsOf(links)
		o.diags.AddAttributeError(credentialPath(kinds[0]), conflictSummary, fmt.Sprintf("%s.\n\nNo other identity has "+
			"one of the new links now (%s): this identity received the link in the meantime, or the other identity lost "+
			"the link. %s Apply again.", said, describeLinks(links), unsent))
	}
}
