package session

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// sessionsModel is the configuration and state of the data source ory_identity_sessions.
type sessionsModel struct {
	IdentityID types.String `tfsdk:"identity_id"`
	Active     types.Bool   `tfsdk:"active"`
	Sessions   types.List   `tfsdk:"sessions"`
}

type sessionModel struct {
	ID                          types.String  `tfsdk:"id"`
	Active                      types.Bool    `tfsdk:"active"`
	IssuedAt                    types.String  `tfsdk:"issued_at"`
	AuthenticatedAt             types.String  `tfsdk:"authenticated_at"`
	ExpiresAt                   types.String  `tfsdk:"expires_at"`
	AuthenticatorAssuranceLevel types.String  `tfsdk:"authenticator_assurance_level"`
	AuthenticationMethods       []methodModel `tfsdk:"authentication_methods"`
	Devices                     []deviceModel `tfsdk:"devices"`
}

type methodModel struct {
	Method       types.String `tfsdk:"method"`
	AAL          types.String `tfsdk:"aal"`
	CompletedAt  types.String `tfsdk:"completed_at"`
	Provider     types.String `tfsdk:"provider"`
	Organization types.String `tfsdk:"organization"`
}

type deviceModel struct {
	ID        types.String `tfsdk:"id"`
	IPAddress types.String `tfsdk:"ip_address"`
	UserAgent types.String `tfsdk:"user_agent"`
	Location  types.String `tfsdk:"location"`
}

func dataSourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Lists the sessions of an identity: when, where and how the person signed in. The result does " +
			"not contain tokens or cookies. The server returns an empty list for an identity that does not " +
			"exist." + base.Requirements,
		Attributes: map[string]schema.Attribute{
			"identity_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "Id (UUID) of the identity.", Validators: []validator.String{base.UUID()},
			},
			"active": schema.BoolAttribute{
				Optional: true, MarkdownDescription: "`true` for active sessions only, `false` for ended sessions only. Default: " +
					"all. The server keeps ended sessions for some time. Sessions of an inactive identity count as active, but the " +
					"server refuses them.",
			},
			"sessions": schema.ListNestedAttribute{
				Computed: true, NestedObject: sessionObject(), MarkdownDescription: "The sessions, sorted by `issued_at` and " +
					"`id`: the oldest first.",
			},
		},
	}
}

func sessionObject() schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"id":               text("Id (UUID) of the session."),
		"active":           schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the session can be used."},
		"issued_at":        text("When the session began (RFC 3339)."),
		"authenticated_at": text("When the person last authenticated (RFC 3339)."),
		"expires_at":       text("When the session ends (RFC 3339)."),
		"authenticator_assurance_level": text("Authenticator assurance level: `aal1` after one factor, `aal2` after two " +
			"factors."),
		"authentication_methods": schema.ListNestedAttribute{
			Computed: true, NestedObject: methodObject(), MarkdownDescription: "Ways in which the person authenticated.",
		},
		"devices": schema.ListNestedAttribute{
			Computed: true, NestedObject: deviceObject(), MarkdownDescription: "Devices that used the session.",
		},
	}}
}

func methodObject() schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"method":       text("Type of the credential, such as `password` or `code_recovery`."),
		"aal":          text("Authenticator assurance level that the method gave."),
		"completed_at": text("When the person authenticated with the method (RFC 3339)."),
		"provider":     text("Id of the provider, if the person used an account of another provider."),
		"organization": text("Id of the organization, if the person signed in through an organization."),
	}}
}

func deviceObject() schema.NestedAttributeObject {
	return schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"id":         text("Id (UUID) of the device."),
		"ip_address": text("IP address of the client."),
		"user_agent": text("User agent of the client."),
		"location":   text("Location of the client, if a proxy in front of the server adds it."),
	}}
}

func text(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func newSessionModel(session kratos.Session) sessionModel {
	m := sessionModel{
		ID: types.StringValue(session.ID), Active: types.BoolValue(session.Active), IssuedAt: base.Optional(session.IssuedAt),
		AuthenticatedAt: base.Optional(session.AuthenticatedAt), ExpiresAt: base.Optional(session.ExpiresAt),
		AuthenticatorAssuranceLevel: base.Optional(session.AuthenticatorAssuranceLevel),
		AuthenticationMethods:       []methodModel{}, Devices: []deviceModel{},
	}
	for _, method := range session.AuthenticationMethods {
		m.AuthenticationMethods = append(m.AuthenticationMethods, methodModel{
			Method: types.StringValue(
				method.Method,
			), AAL: base.Optional(method.AAL), CompletedAt: base.Optional(method.CompletedAt),
			Provider: base.Optional(method.Provider), Organization: base.Optional(method.Organization),
		})
	}
	for _, device := range session.Devices {
		m.Devices = append(m.Devices, deviceModel{
			ID: types.StringValue(
				device.ID,
			), IPAddress: base.Optional(device.IPAddress), UserAgent: base.Optional(device.UserAgent),
			Location: base.Optional(device.Location),
		})
	}
	return m
}
