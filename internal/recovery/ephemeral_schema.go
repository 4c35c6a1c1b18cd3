package recovery

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
)

// ephemeralAttributes returns the attributes that a code and a link share, and the given others.
func ephemeralAttributes(others map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"identity_id": schema.StringAttribute{
			Required: true, MarkdownDescription: describeIdentityID, Validators: []validator.String{base.UUID()},
		},
		"expires_in": schema.StringAttribute{
			Optional: true, MarkdownDescription: describeExpiresIn, Validators: []validator.String{base.PositiveDuration()},
		},
		"expires_at": schema.StringAttribute{Computed: true, MarkdownDescription: describeExpiresAt},
	}
	maps.Copy(attributes, others)
	return attributes
}

func ephemeralCodeSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: describeCodeAsWhole + describeEphemeral + base.EphemeralRequirements,
		Attributes: ephemeralAttributes(map[string]schema.Attribute{
			"flow_type": schema.StringAttribute{
				Optional: true, MarkdownDescription: describeFlowType,
				Validators: []validator.String{stringvalidator.OneOf(flowBrowser, flowAPI)},
			},
			"code": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: describeCode},
			"link": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: describeCodeLink},
		}),
	}
}

func ephemeralLinkSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: describeLinkAsWhole + describeEphemeral + base.EphemeralRequirements,
		Attributes: ephemeralAttributes(map[string]schema.Attribute{
			"return_to": schema.StringAttribute{
				Optional: true, MarkdownDescription: describeReturnTo,
				Validators: []validator.String{stringvalidator.LengthAtLeast(1), base.URLReference()},
			},
			"link": schema.StringAttribute{Computed: true, Sensitive: true, MarkdownDescription: describeLink},
		}),
	}
}
