package identity

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// defaultTimeout bounds each operation on one identity, all its requests, retries and waits together.
const defaultTimeout = 20 * time.Minute

func resourceSchema(ctx context.Context) schema.Schema {
	attributes := map[string]schema.Attribute{}
	for _, group := range []map[string]schema.Attribute{
		profileAttributes(), passwordAttributes(), linkAttributes(), policyAttributes(), computedAttributes(),
	} {
		for name, attribute := range group {
			attributes[name] = attribute
		}
	}
	return schema.Schema{
		Version: 1,
		MarkdownDescription: "An identity: a person (or a machine) that can sign in through Ory Kratos or Ory Network.\n\n" +
			"Every change is made in place, by one JSON Patch of what changed; no change replaces an identity. What the " +
			"configuration never set is shown, but never touched.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"timeouts": timeouts.Block(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: timeoutDescription("create"), ReadDescription: timeoutDescription("read"),
				UpdateDescription: timeoutDescription("update"), DeleteDescription: timeoutDescription("delete"),
			}),
		},
	}
}

func timeoutDescription(operation string) string {
	return "How long to " + operation + " the identity may take, retries and waits included, as a duration such as `30s` or " +
		"`10m`. A write that is under way when the time is up is still seen through, within the provider's `request_timeout`. " +
		"Default `20m`."
}

// profileAttributes are what the configuration says of the person.
func profileAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"schema_id": schema.StringAttribute{
			Required: true,
			MarkdownDescription: "Id of the identity schema that the traits follow, such as `preset://email` or the id in the server's " +
				"configuration. Changing it updates the identity in place; the traits must fit the new schema.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"traits": schema.DynamicAttribute{
			Required: true,
			MarkdownDescription: "The traits: an object of any nesting, as the identity schema wants it. A `null` member means that the " +
				"trait is absent. Traits are owned whole: one that was set elsewhere is shown as drift, unless " +
				"`ignore_changes = [traits.name.first]` leaves it to the person.",
			Validators: []validator.Dynamic{objectValidator{}},
		},
		"metadata_public": schema.DynamicAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Metadata that the person can see in the session, any JSON value but a bare number. Of an object, Terraform " +
				"owns the keys that are configured and leaves all others alone, unseen.",
			Validators: []validator.Dynamic{metadataValidator{}},
		},
		"metadata_admin": schema.DynamicAttribute{
			Optional: true, Computed: true, Sensitive: true,
			MarkdownDescription: "Metadata that only administrators can see. Owned as `metadata_public` is.",
			Validators:          []validator.Dynamic{metadataValidator{}},
		},
		"state": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "`active` (default) or `inactive`. An inactive identity can't sign in, and its sessions don't count; " +
				"activating it again revives those that haven't expired.",
			Validators: []validator.String{stringvalidator.OneOf(stateActive, stateInactive)},
		},
		"external_id": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "An id of your own for the identity, unique and case-sensitive, at most 64 characters. Needs Kratos " +
				"v25.4 or later, or Ory Network.",
			Validators: []validator.String{stringvalidator.UTF8LengthBetween(1, 64)},
		},
		"organization_id": schema.StringAttribute{
			Optional: true, Computed: true,
			MarkdownDescription: "Id (UUID) of the organization that the identity belongs to. Needs Kratos v25.4 or later, or Ory " +
				"Network. The server doesn't check that the organization exists.",
			Validators: []validator.String{base.UUID()},
		},
		"verified_addresses": verifiedAddressesAttribute(),
	}
}

// policyAttributes say what Terraform does, not what the identity is. Those with static defaults have them written into the state
// by an import too, so that imported identities plan empty.
func policyAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"on_conflict": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(conflictError),
			MarkdownDescription: "What to do when another identity already has the `external_id` or a login identifier: `error` (default), " +
				"or `adopt`, which takes that identity over, brings it to the configuration (its password too), activates it unless " +
				"`state` says otherwise, and warns with its id.",
			Validators: []validator.String{stringvalidator.OneOf(conflictError, conflictAdopt)},
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(deletionDelete),
			MarkdownDescription: "What becomes of the identity when Terraform destroys the resource: `delete` (default), `deactivate`, " +
				"which sets its `state` to `inactive`, or `retain`, which leaves it as it is.",
			Validators: []validator.String{stringvalidator.OneOf(deletionDelete, deletionDeactivate, deletionRetain)},
		},
		"revoke_sessions_on": revokeSessionsOnAttribute(),
	}
}

func computedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":         computedString("Id (UUID) that the server gave the identity."),
		"schema_url": computedString("Where the server serves the identity schema."),
		"verifiable_addresses": schema.ListNestedAttribute{
			Computed: true, NestedObject: verifiableAddress(),
			MarkdownDescription: "Addresses among the traits that can be verified, sorted by `via` and `value`.",
		},
		"recovery_addresses": schema.ListNestedAttribute{
			Computed: true, NestedObject: recoveryAddress(),
			MarkdownDescription: "Addresses among the traits to which a recovery code or link can be sent, sorted by `via` and `value`.",
		},
		"credentials": schema.MapAttribute{
			Computed: true, ElementType: CredentialsType(),
			MarkdownDescription: "Login identifiers by type of credential, sorted; never a secret. The server lists `password` with its " +
				"identifiers even where no password is set.",
		},
		"created_at":       computedString("When the identity was created (RFC 3339)."),
		"updated_at":       computedString("When the identity was last changed (RFC 3339). Kratos v1.3 never changes it."),
		"state_changed_at": computedString("When `state` last changed (RFC 3339)."),
	}
}

func resourceIdentitySchema() identityschema.Schema {
	return identityschema.Schema{
		Version: 0,
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id (UUID) of the identity."},
		},
	}
}
