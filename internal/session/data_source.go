// Package session has the data source and the action on the sessions of identities.
package session

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var _ datasource.DataSourceWithConfigure = (*sessionsDataSource)(nil)

// NewDataSource returns the data source ory_identity_sessions.
func NewDataSource() datasource.DataSource { return &sessionsDataSource{} }

type sessionsDataSource struct {
	base.DataSource
}

// Metadata implements datasource.DataSource.
func (*sessionsDataSource) Metadata(
	_ context.Context,
	req datasource.MetadataRequest,
	resp *datasource.MetadataResponse,
) {
	resp.TypeName = req.ProviderTypeName + "_identity_sessions"
}

// Schema implements datasource.DataSource.
func (*sessionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dataSourceSchema()
}

// Read implements datasource.DataSource.
func (d *sessionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m sessionsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || !d.RequireClient(&resp.Diagnostics) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	id := m.IdentityID.ValueString()
	found, err := d.Data.Client.ListIdentitySessions(ctx, strings.ToLower(id), m.Active.ValueBoolPointer())
	if err != nil {
		base.AddError(&resp.Diagnostics, "Failed to read sessions", err)
		return
	}
	slices.SortFunc(found, func(a, b kratos.Session) int {
		return cmp.Or(issued(a).Compare(issued(b)), cmp.Compare(a.ID, b.ID))
	})
	models := make([]sessionModel, 0, len(found))
	for _, session := range found {
		models = append(models, newSessionModel(session))
	}
	list, diags := types.ListValueFrom(ctx, sessionObject().Type(), models)
	resp.Diagnostics.Append(diags...)
	m.Sessions = list
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// issued returns when the session was issued, or the zero time if the server's timestamp can't be parsed.
func issued(session kratos.Session) time.Time {
	at, _ := time.Parse(time.RFC3339Nano, session.IssuedAt)
	return at
}
