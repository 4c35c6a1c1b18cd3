package identity

import (
	"context"
	"errors"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// credentialMember is a member of the attribute credentials, such as password.
type credentialMember interface {
	attribute

	// member returns the name of the member, which is the type of credential in the API, and its schema.
	member() (name string, member schema.Attribute)

	// unsent adds to the credentials of a request the planned credentials that the identity in o.known doesn't have. It
	// reports whether it added something.
	unsent(o *operation, body *kratos.IdentityCredentials) bool
}

// credentialsAttribute returns the schema of credentials, composed of the schemas of its members.
func credentialsAttribute(ctx context.Context) schema.SingleNestedAttribute {
	members := map[string]schema.Attribute{}
	for _, a := range managed {
		if c, ok := a.(credentialMember); ok {
			name, member := c.member()
			members[name] = member
		}
	}
	plain, _ := schema.SingleNestedAttribute{Attributes: members}.GetType().(types.ObjectType)
	return schema.SingleNestedAttribute{
		Optional: true, Attributes: members, CustomType: newCredentialsType(ctx, plain),
		MarkdownDescription: "Ways to sign in, by type of credential as in the API of Kratos. Terraform does not change a " +
			"credential that the configuration does not name.",
	}
}

var credentialsPath = path.Root("credentials")

// credentialPath returns the path of a member of credentials.
func credentialPath(name string) path.Path { return credentialsPath.AtName(name) }

// eachCredential calls visit for every member of credentials.
func eachCredential(visit func(credentialMember)) {
	for _, a := range managed {
		if c, ok := a.(credentialMember); ok {
			visit(c)
		}
	}
}

// credential returns a member of credentials. It is null where credentials is null, and unknown where credentials is
// unknown.
func (m *model) credential(name string) attr.Value {
	if member, ok := m.Credentials.Attributes()[name]; ok {
		return member
	}
	memberType, ok := m.Credentials.AttributeTypes(context.Background())[name]
	if !ok {
		return nil
	}
	null := memberType.ValueType(context.Background())
	if m.Credentials.IsUnknown() {
		return unknownOf(memberType, null)
	}
	return null
}

func unknownOf(of attr.Type, value attr.Value) attr.Value {
	switch value.(type) {
	case types.Object:
		if object, ok := of.(attr.TypeWithAttributeTypes); ok {
			return types.ObjectUnknown(object.AttributeTypes())
		}
	case types.Set:
		if set, ok := of.(attr.TypeWithElementType); ok {
			return types.SetUnknown(set.ElementType())
		}
	}
	return value
}

// setCredential replaces a member of credentials. If credentials is null and the value is null, credentials stays null.
func (m *model) setCredential(name string, value attr.Value) {
	if m.Credentials.IsUnknown() || (m.Credentials.IsNull() && value.IsNull()) {
		return
	}
	memberTypes := m.Credentials.AttributeTypes(context.Background())
	members := maps.Clone(m.Credentials.Attributes())
	if m.Credentials.IsNull() {
		members = map[string]attr.Value{}
		for other, memberType := range memberTypes {
			members[other] = memberType.ValueType(context.Background()) // null
		}
	}
	members[name] = value
	m.Credentials = types.ObjectValueMust(memberTypes, members)
}

// setCredentials sends the changed password and the missing links by PUT, which is the only request that sets them
// after create. The server refuses a link that the identity already has. Each attempt therefore determines again which
// links are missing, because a request whose answer was lost may have added some. It returns false if the plan wasn't
// carried out.
func (o *operation) setCredentials(ctx context.Context) bool {
	links := o.missingLinks()
	if o.sendsPassword() {
		o.checkHash()
	}
	if o.diags.HasError() || o.unsentCredentials() == nil {
		return !o.diags.HasError()
	}
	if !o.knowsLinkOptions(ctx, links) {
		return false
	}
	id := o.state.ID.ValueString()
	updated, err := o.put(ctx, id)
	if err == nil {
		o.known, o.passwordSent = *updated, o.sendsPassword()
	}
	o.ownLinks(links)
	switch {
	case errors.Is(err, kratos.ErrNotFound):
		o.failure().onUpdate(ctx, err, false, o.diags)
		return false
	case err != nil:
		o.onCredentials(ctx, id, links, err)
		return false
	}
	o.addIgnoredLinks(updated, links)
	return true
}

// put sends the credentials that the server lacks. Each attempt reads the identity and determines what the server
// lacks. If a gateway refuses the request, which the server may have carried out all the same, put makes one more
// attempt. The client itself repeats a request whose answer was lost in another way.
func (o *operation) put(ctx context.Context, id string) (updated *kratos.Identity, err error) {
	for range 2 {
		updated, err = o.client.UpdateIdentity(ctx, id, func(current *kratos.Identity) (kratos.UpdateIdentityBody, bool) {
			o.known = *current
			unsent := o.unsentCredentials()
			return o.putBody(unsent), unsent != nil
		})
		var answer *kratos.Error
		if !errors.Is(err, kratos.ErrOutcomeUnknown) || !errors.As(err, &answer) || !answer.Permanent() {
			break
		}
	}
	return updated, err
}

// unsentCredentials returns the credentials that the next PUT must send, or nil if there are none.
func (o *operation) unsentCredentials() *kratos.IdentityCredentials {
	var body kratos.IdentityCredentials
	some := false
	eachCredential(func(c credentialMember) {
		added := c.unsent(o, &body)
		some = some || added
	})
	if !some {
		return nil
	}
	return &body
}

// putBody returns a body that changes only the credentials. PUT clears every member that its body leaves out, so the
// body repeats the server's values. The member state is an exception: PUT keeps it.
func (o *operation) putBody(credentials *kratos.IdentityCredentials) kratos.UpdateIdentityBody {
	return kratos.UpdateIdentityBody{
		SchemaID:       o.known.SchemaID,
		Traits:         o.known.Traits,
		MetadataPublic: o.known.MetadataPublic,
		MetadataAdmin:  o.known.MetadataAdmin,
		ExternalID:     o.known.ExternalID,
		Credentials:    credentials,
	}
}

// holding returns the plan with the values that the server has at this step of the update.
func (o *operation) holding() model {
	m := o.plan
	for _, a := range managed {
		a.held(o, &m)
	}
	return m
}
