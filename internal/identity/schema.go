package identity

import (
	"context"
	"maps"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// defaultTimeout limits the time of one operation on one identity, including all requests, retries and waits.
const defaultTimeout = 20 * time.Minute

// resourceSchema combines the schemas of all managed attributes. No attribute has a Default or plan modifiers, because
// the direct server doesn't run them (see protocol.DirectResource); ModifyPlan sets all values.
func resourceSchema(ctx context.Context) schema.Schema {
	attributes := map[string]schema.Attribute{"credentials": credentialsAttribute(ctx)}
	for _, a := range managed {
		maps.Copy(attributes, a.schema())
	}
	return schema.Schema{
		Version: 1,
		MarkdownDescription: "Manages an identity: a person or a machine that signs in through Ory Kratos or Ory " +
			"Network.\n\nEvery change updates the identity in place. No change replaces it. Terraform changes only what the " +
			"configuration sets." + base.Requirements,
		Attributes: attributes,
		Blocks: map[string]schema.Block{
			"timeouts": TimeoutsBlock(ctx, "the identity", "20m"),
		},
	}
}

// TimeoutsBlock returns the block timeouts for operations on a thing. It refuses timeouts that are too short for any
// request.
func TimeoutsBlock(ctx context.Context, thing, byDefault string) schema.Block {
	describe := func(operation string) string { return timeoutDescription(operation, thing, byDefault) }
	block := timeouts.Block(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: describe("create"), ReadDescription: describe("read"),
		UpdateDescription: describe("update"), DeleteDescription: describe("delete"),
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

func timeoutDescription(operation, thing, byDefault string) string {
	return "How long to " + operation + " " + thing + " may take, with retries and waits, as a duration such as `30s` " +
		"or `10m`. If the time ends during a write, the provider still waits for the answer, up to `request_timeout`. " +
		"Default `" + byDefault + "`."
}
