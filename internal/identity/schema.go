package identity

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// defaultTimeout bounds each operation on one identity, all its requests, retries and waits together.
const defaultTimeout = 20 * time.Minute

// resourceSchema is made of the parts of all managed attributes. No attribute has a Default or plan modifiers:
// ModifyPlan sets everything, since the resource is served directly (see protocol.DirectResource).
func resourceSchema(ctx context.Context) schema.Schema {
	attributes := map[string]schema.Attribute{"credentials": credentialsAttribute()}
	for _, a := range managed {
		maps.Copy(attributes, a.schema())
	}
	return schema.Schema{
		Version: 1,
		MarkdownDescription: "An identity: a person (or a machine) that can sign in through Ory Kratos or Ory Network.\n\n" +
			"Every change is made in place, by one JSON Patch of what changed; no change replaces an identity. What the " +
			"configuration never set is shown, but never touched.",
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"timeouts": timeoutsBlock(ctx),
		},
	}
}

// timeoutsBlock refuses time-outs within which nothing can be done.
func timeoutsBlock(ctx context.Context) schema.Block {
	block := timeouts.Block(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: timeoutDescription("create"), ReadDescription: timeoutDescription("read"),
		UpdateDescription: timeoutDescription("update"), DeleteDescription: timeoutDescription("delete"),
	})
	nested, ok := block.(schema.SingleNestedBlock)
	if !ok {
		return block
	}
	for name, attribute := range nested.Attributes {
		if text, ok := attribute.(schema.StringAttribute); ok {
			text.Validators = []validator.String{base.PositiveDuration()}
			nested.Attributes[name] = text
		}
	}
	return nested
}

func timeoutDescription(operation string) string {
	return "How long to " + operation + " the identity may take, retries and waits included, as a duration such as " +
		"`30s` or `10m`. A write that is under way when the time is up is still seen through, within the provider's " +
		"`request_timeout`. Default `20m`."
}

func resourceIdentitySchema() identityschema.Schema {
	return identityschema.Schema{
		Version: 0,
		Attributes: map[string]identityschema.Attribute{
			"id": identityschema.StringAttribute{RequiredForImport: true, Description: "Id (UUID) of the identity."},
		},
	}
}
