package identity

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// Row is the configuration of one identity in a resource that manages many. The zero value of a field means that the
// field isn't configured. Terraform owns the configured values, as in ory_identity.
type Row struct {
	SchemaID       string
	Traits         json.RawMessage
	MetadataPublic json.RawMessage
	MetadataAdmin  json.RawMessage
	State          string
	ExternalID     string
	OrganizationID string

	// VerifiedAddresses is nil if it isn't configured.
	VerifiedAddresses []string

	// Password and PasswordHash are sent with the next request. At most one of them is set.
	Password, PasswordHash string
}

// Rows applies the rules of ory_identity to rows.
type Rows struct {
	data   *base.Data
	client client
}

// NewRows returns the rules for the server of data. Data without a client is enough for checks.
func NewRows(data *base.Data) *Rows {
	r := &Rows{data: data}
	if data != nil && data.Client != nil {
		r.client = data.Client
	}
	return r
}

// operation returns an operation on a row. Its state is the null model.
func (r *Rows) operation(ctx context.Context, row Row, diags *diag.Diagnostics) *operation {
	o := &operation{data: r.data, client: r.client, diags: diags, state: nullModel()}
	if r.data != nil && r.data.Schemas != nil {
		o.schemas = r.data.Schemas
	}
	o.config = row.model(diags)
	o.plan = o.config
	o.phones = phonesOf(ctx, o.schemas, o.plan.SchemaID)
	return o
}

// nullModel returns a model of null values.
var nullModel = sync.OnceValue(func() model {
	var diags diag.Diagnostics
	return decode(context.Background(), nullObject(), &diags)
})

// model converts a row to the model of ory_identity.
func (row Row) model(diags *diag.Diagnostics) model {
	m := nullModel()
	m.SchemaID = types.StringValue(row.SchemaID)
	m.Traits = dynamicOfRow("traits", row.Traits, diags)
	m.MetadataPublic = dynamicOfRow(metadataPublic.name, row.MetadataPublic, diags)
	m.MetadataAdmin = dynamicOfRow(metadataAdmin.name, row.MetadataAdmin, diags)
	m.State = base.Optional(row.State)
	m.ExternalID = base.Optional(row.ExternalID)
	m.OrganizationID = base.Optional(row.OrganizationID)
	if row.VerifiedAddresses != nil {
		m.VerifiedAddresses = textSet(row.VerifiedAddresses)
	}
	if row.Password != "" || row.PasswordHash != "" {
		m.setPassword(passwordModel{value: base.Optional(row.Password), hash: base.Optional(row.PasswordHash)})
	}
	m.setDefaults()
	return m
}

func dynamicOfRow(name string, raw json.RawMessage, diags *diag.Diagnostics) types.Dynamic {
	value, err := jsonvalue.DynamicWithNulls(raw)
	if err != nil {
		diags.AddAttributeError(path.Root(name), "Value cannot be represented", "The member "+name+" cannot be read: "+
			err.Error()+".")
	}
	return value
}

func textSet(texts []string) types.Set {
	elements := make([]attr.Value, 0, len(texts))
	for _, text := range texts {
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}

// owned returns what Terraform owns of the identity of a row that it has saved.
func (m *model) ownedRow() owned {
	o := ownedBy(m, m)
	for address := range spellings(m.VerifiedAddresses) {
		o.Verified = append(o.Verified, address)
	}
	return o
}

// Body returns the request body that creates the identity of a row.
func (r *Rows) Body(ctx context.Context, row Row) (kratos.CreateIdentityBody, diag.Diagnostics) {
	var diags diag.Diagnostics
	var body kratos.CreateIdentityBody
	o := r.operation(ctx, row, &diags)
	o.creating = true
	if diags.HasError() {
		return body, diags
	}
	o.verification = newVerification(&o.plan, &o.state, &owned{})
	o.verification.fresh = true
	if !o.verification.findVia(ctx, &o.plan, o.schemas, &diags) {
		return body, diags
	}
	for _, a := range managed {
		a.create(ctx, o, &body)
	}
	return body, diags
}

// Verified reports whether the identity has every address of the row verified.
func (row Row) Verified(identity *kratos.Identity) bool {
	plainly := func(address string) bool {
		return slices.ContainsFunc(identity.VerifiableAddresses, func(a kratos.VerifiableAddress) bool {
			return a.Verified && a.Value == strings.ToLower(address)
		})
	}
	if !slices.ContainsFunc(row.VerifiedAddresses, func(address string) bool { return !plainly(address) }) {
		return true
	}
	v := verification{wanted: spellings(textSet(row.VerifiedAddresses))}
	return len(v.unverified(identity)) == 0
}

// Means reports whether the identity has the values that a create with the row's body sets.
func (r *Rows) Means(ctx context.Context, row Row, body kratos.CreateIdentityBody, identity *kratos.Identity) bool {
	var diags diag.Diagnostics
	o := r.operation(ctx, row, &diags)
	for _, a := range managed {
		if !a.isOurs(o, body, identity) {
			return false
		}
	}
	return !diags.HasError()
}
