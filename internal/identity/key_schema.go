package identity

import (
	"maps"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// keysAttribute returns the schema of the keys of a member, each with the attributes in more.
func keysAttribute(description string, more map[string]schema.Attribute) schema.ListNestedAttribute {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{
			Required: true, MarkdownDescription: "Id of the key (credential id), in base64.",
		},
		"public_key": schema.StringAttribute{
			Required: true, MarkdownDescription: "Public key (COSE), in base64.",
		},
		"display_name": schema.StringAttribute{
			Optional: true, MarkdownDescription: "Name of the key that the person sees in the settings.",
		},
		"attestation_type": schema.StringAttribute{
			Optional: true, MarkdownDescription: "Kind of attestation at the registration, such as `none`.",
		},
		"added_at": schema.StringAttribute{
			Optional: true, MarkdownDescription: "When the key was registered (RFC 3339).",
			Validators: []validator.String{
				stringvalidator.RegexMatches(rfc3339, "must be a time such as 2026-01-31T12:00:00Z"),
			},
		},
		"transport": schema.ListAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Ways in which browsers reach the authenticator, such as `usb` or `internal`.",
		},
		"authenticator": authenticatorAttribute(),
		"flags":         flagsAttribute(),
	}
	maps.Copy(attributes, more)
	return schema.ListNestedAttribute{
		Required: true, MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: attributes},
	}
}

var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

func authenticatorAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Optional: true, MarkdownDescription: "The authenticator that has the key.",
		Attributes: map[string]schema.Attribute{
			"aaguid": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Model of the authenticator (AAGUID, 16 bytes), in base64.",
			},
			"sign_count": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(0, 1<<32-1)},
				MarkdownDescription: "Number of signatures so far. The server increases it. This is not drift.",
			},
		},
	}
}

func flagsAttribute() schema.SingleNestedAttribute {
	flag := func(description string) schema.BoolAttribute {
		return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
	}
	return schema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Flags of the registration. Without `flags` the server records the flags of the first " +
			"sign-in. With `flags` the server refuses a sign-in that has another value of `backup_eligible`.",
		Attributes: map[string]schema.Attribute{
			"user_present":    flag("Whether the person was present."),
			"user_verified":   flag("Whether the authenticator verified the person."),
			"backup_eligible": flag("Whether the authenticator may copy the key to other devices, as with synced passkeys."),
			"backup_state":    flag("Whether the authenticator has copied the key."),
		},
	}
}
