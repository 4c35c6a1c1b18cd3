package recovery

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

var (
	replaces = []planmodifier.String{stringplanmodifier.RequiresReplace()}
	stays    = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
)

// replacesWhereValuesChange treats null and an empty map as equal: no value changes between them.
var replacesWhereValuesChange = mapplanmodifier.RequiresReplaceIf(
	func(_ context.Context, req planmodifier.MapRequest, resp *mapplanmodifier.RequiresReplaceIfFuncResponse) {
		isNothing := func(m types.Map) bool { return !m.IsUnknown() && len(m.Elements()) == 0 }
		resp.RequiresReplace = !isNothing(req.StateValue) || !isNothing(req.PlanValue)
	}, "A change of a value makes a new one.", "A change of a value makes a new one.",
)

// managedAttributes returns the attributes that a code and a link share, and the given others.
func managedAttributes(others map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Computed: true, PlanModifiers: stays, MarkdownDescription: "Id (UUID) of the recovery flow on the server.",
		},
		"identity_id": schema.StringAttribute{
			Required: true, PlanModifiers: replaces, MarkdownDescription: describeIdentityID,
			Validators: []validator.String{base.UUID()},
		},
		"expires_in": schema.StringAttribute{
			Optional: true, PlanModifiers: replaces, MarkdownDescription: describeExpiresIn,
			Validators: []validator.String{base.PositiveDuration()},
		},
		"keepers": schema.MapAttribute{
			Optional: true, ElementType: types.StringType, PlanModifiers: []planmodifier.Map{replacesWhereValuesChange},
			MarkdownDescription: "Values of your choice. When one changes, a new code or link is made.",
		},
		"renew_before": schema.StringAttribute{
			Optional: true, Validators: []validator.String{base.Duration()},
			MarkdownDescription: "Plan a new one when less than this remains until `expires_at`: a duration shorter than " +
				"`expires_in`, `0s` for after it has expired. Default: it is never renewed by time. No request is made to find " +
				"out: the provider measures how long ago it was made, by the clocks of this machine and of the server, and " +
				"takes the shorter time where they disagree. Only a plan that refreshes renews: one with `-refresh=false` never " +
				"does, nor does the apply of a saved " +
				"plan where the time comes in between. Without `expires_in` the server's default decides how long there is, " +
				"which no plan knows; a `renew_before` that exceeds it draws a warning.",
		},
		"expires_at": schema.StringAttribute{Computed: true, PlanModifiers: stays, MarkdownDescription: describeExpiresAt},
	}
	maps.Copy(attributes, others)
	return attributes
}

func managedCodeSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: describeCodeAsWhole + describeManaged,
		Attributes: managedAttributes(map[string]schema.Attribute{
			"flow_type": schema.StringAttribute{
				Optional: true, Computed: true, Default: stringdefault.StaticString(flowBrowser), PlanModifiers: replaces,
				MarkdownDescription: describeFlowType, Validators: []validator.String{stringvalidator.OneOf(flowBrowser, flowAPI)},
			},
			"code": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				PlanModifiers:       stays,
				MarkdownDescription: describeCode,
			},
			"link": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				PlanModifiers:       stays,
				MarkdownDescription: describeCodeLink,
			},
		}),
	}
}

func managedLinkSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: describeLinkAsWhole + describeManaged,
		Attributes: managedAttributes(map[string]schema.Attribute{
			"return_to": schema.StringAttribute{
				Optional: true, PlanModifiers: replaces, MarkdownDescription: describeReturnTo,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1), base.URLReference()},
			},
			"link": schema.StringAttribute{
				Computed:            true,
				Sensitive:           true,
				PlanModifiers:       stays,
				MarkdownDescription: describeLink,
			},
		}),
	}
}
