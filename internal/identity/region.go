package identity

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// sinceRegion names the servers that support region.
const sinceRegion = "a Kratos later than v26.2, or Ory Network"

var region = scalar{
	name: "region",
	description: "Region in which the server stores the identity, such as `eu-central`, for projects with several " +
		"regions. Needs " + sinceRegion + ".",
	validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	since:      sinceRegion,
	at:         func(m *model) *types.String { return &m.Region },
	body:       func(b *kratos.CreateIdentityBody) *string { return &b.Region },
	server:     func(i *kratos.Identity) string { return i.Region },
	initial:    types.StringUnknown(),
}
