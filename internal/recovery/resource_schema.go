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
			MarkdownDescription: "Values of your choice. A change of a value creates a new code or link.",
		},
		"renew_before": schema.StringAttribute{
			Optional: true, Validators: []validator.String{base.Duration()},
			MarkdownDescription: "Plan a new code or link when less than this time remains until `expires_at`, as a duration " +
				"shorter than `expires_in`. `0s` renews after the expiry. Default: never. The provider sends no request for " +
				"this. It computes the age with the clocks of this machine and of the server, and uses the shorter age if the " +
				"clocks differ. A plan with `-refresh=false` does not renew, and the apply of a saved plan does not renew if the " +
				"time comes after the plan. Without `expires_in`, the lifetime is the server's default, which the plan does not " +
				"know. The provider shows a warning if `renew_before` is longer.",
		},
		"expires_at": schema.StringAttribute{Computed: true, PlanModifiers: stays, MarkdownDescription: describeExpiresAt},
	}
	maps.Copy(attributes, others)
	return attributes
}

func managedCodeSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: describeCodeAsWhole + describeManaged + base.Requirements,
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
		MarkdownDescription: describeLinkAsWhole + describeManaged + base.Requirements,
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
