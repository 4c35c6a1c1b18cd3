package bulk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/d66889dc/terraform-provider-ory/internal/identity"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// entry is one row of the documents.
type entry struct {
	key string
	raw json.RawMessage // in the document identities
	row identity.Row
	id  string // of the identity, empty for none
}

// people are the rows of one model.
type people struct {
	byKey    map[string]*entry
	problems problems
}

// member is the JSON form of a row.
type member struct {
	SchemaID          string          `json:"schema_id,omitempty"`
	Traits            json.RawMessage `json:"traits,omitempty"`
	MetadataPublic    json.RawMessage `json:"metadata_public,omitempty"`
	State             string          `json:"state,omitempty"`
	ExternalID        string          `json:"external_id,omitempty"`
	OrganizationID    string          `json:"organization_id,omitempty"`
	VerifiedAddresses *[]string       `json:"verified_addresses,omitempty"`
}

const memberNames = "traits, schema_id, metadata_public, state, external_id, organization_id and verified_addresses"

// readablePeople returns the rows of a state. A row that can't be read is an error, because its identity would be lost.
func readablePeople(state *model, diags *diag.Diagnostics) people {
	rows := parsePeople(state)
	rows.problems.addTo(diags, "State cannot be read", "Nothing was changed. Use the version of the provider that wrote "+
		"the state.")
	return rows
}

// parsePeople parses the documents of a model. It adds problems for rows that can't be parsed.
func parsePeople(m *model) people {
	p := people{byKey: map[string]*entry{}}
	rows, err := parseDocument(m.Identities.ValueString())
	p.problems.addDocument("identities", err)
	admin, err := parseDocument(m.MetadataAdmin.ValueString())
	p.problems.addDocument("metadata_admin", err)
	idTexts, err := parseDocument(m.IDs.ValueString())
	p.problems.addDocument("ids", err)
	ids, _ := idTexts.texts()
	for key, raw := range rows {
		row, err := parseRow(raw, m.SchemaID.ValueString())
		if err != nil {
			p.problems.add(key, err.Error())
			continue
		}
		row.MetadataAdmin = admin[key]
		p.byKey[key] = &entry{key: key, raw: raw, row: row, id: ids[key]}
	}
	for _, key := range admin.keys() {
		if _, ok := rows[key]; !ok {
			p.problems.add(key, "metadata_admin has this key, but identities does not.")
		}
	}
	return p
}

// parseRow parses one row. The errors don't show any value of the row.
func parseRow(raw json.RawMessage, schemaID string) (identity.Row, error) {
	var m member
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return identity.Row{}, rowError(err)
	}
	row := identity.Row{
		SchemaID: m.SchemaID, State: m.State, ExternalID: m.ExternalID, OrganizationID: m.OrganizationID,
		Traits: present(m.Traits), MetadataPublic: present(m.MetadataPublic),
	}
	if row.SchemaID == "" {
		row.SchemaID = schemaID
	}
	if m.VerifiedAddresses != nil {
		row.VerifiedAddresses = append([]string{}, *m.VerifiedAddresses...)
	}
	return row, nil
}

func rowError(err error) error {
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong) && wrong.Field == "":
		return fmt.Errorf("The row is a JSON %s, not an object.", wrong.Value) //nolint:staticcheck // a sentence of a message
	case errors.As(err, &wrong):
		return fmt.Errorf("The member %s cannot be a JSON %s.", wrong.Field, wrong.Value) //nolint:staticcheck // as above
	case errors.Is(err, io.ErrUnexpectedEOF), !strings.Contains(err.Error(), "unknown field"):
		return errors.New("The row is not JSON.") //nolint:staticcheck // a sentence of a message
	}
	_, name, _ := strings.Cut(err.Error(), "unknown field ")
	//nolint:staticcheck // a sentence of a message
	return fmt.Errorf("The row has the member %s. Rows have %s.", name, memberNames)
}

func present(raw json.RawMessage) json.RawMessage {
	if isNull(raw) {
		return nil
	}
	return raw
}

// encode returns the JSON form of the row.
func (e *entry) encode(schemaID string) json.RawMessage {
	m := member{
		Traits: e.row.Traits, MetadataPublic: e.row.MetadataPublic, State: e.row.State, ExternalID: e.row.ExternalID,
		OrganizationID: e.row.OrganizationID,
	}
	if e.row.SchemaID != schemaID {
		m.SchemaID = e.row.SchemaID
	}
	if e.row.VerifiedAddresses != nil {
		m.VerifiedAddresses = &e.row.VerifiedAddresses
	}
	raw, err := kratos.EncodeJSON(m)
	if err != nil {
		return json.RawMessage("{}") // the server's JSON always encodes
	}
	return raw
}

// withoutIDs returns the rows as those of a configuration.
func (p *people) withoutIDs() people {
	rows := people{byKey: make(map[string]*entry, len(p.byKey)), problems: p.problems}
	for key, e := range p.byKey {
		rows.byKey[key] = &entry{key: key, raw: e.raw, row: e.row}
	}
	return rows
}

func (p *people) keys() []string { return slices.Sorted(maps.Keys(p.byKey)) }

// withIdentity returns the rows that have an identity, sorted by key.
func (p *people) withIdentity() []*entry {
	var rows []*entry
	for _, key := range p.keys() {
		if e := p.byKey[key]; e.id != "" {
			rows = append(rows, e)
		}
	}
	return rows
}

// documents returns the documents identities, metadata_admin and ids of the rows.
func (p *people) documents() (rows, admin, ids document) {
	rows, admin, ids = document{}, document{}, document{}
	for key, e := range p.byKey {
		rows[key] = e.raw
		if e.row.MetadataAdmin != nil {
			admin[key] = e.row.MetadataAdmin
		}
		if e.id != "" {
			ids[key] = json.RawMessage(`"` + e.id + `"`)
		}
	}
	return rows, admin, ids
}
