package lookup

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Name is an attribute that can name an identity.
type Name struct {
	Attribute string
	Value     types.String
	kind      nameKind
}

type nameKind int

const (
	byIDKind nameKind = iota
	byExternalIDKind
	byIdentifierKind
)

// ID is an attribute with the id of an identity.
func ID(attribute string, value types.String) Name { return Name{attribute, value, byIDKind} }

// ExternalID is an attribute with the external id of an identity.
func ExternalID(attribute string, value types.String) Name {
	return Name{attribute, value, byExternalIDKind}
}

// Identifier is an attribute with a login identifier of an identity.
func Identifier(attribute string, value types.String) Name {
	return Name{attribute, value, byIdentifierKind}
}

// Reference returns what the attribute's value refers to.
func (n Name) Reference() Reference {
	switch text := n.Value.ValueString(); n.kind {
	case byIDKind:
		return Reference{ID: strings.ToLower(text)}
	case byExternalIDKind:
		return Reference{ExternalID: text}
	default:
		return Reference{Identifier: text}
	}
}

// Names are the attributes of an object that can name its identity. Exactly one of them has a value.
type Names []Name

// given returns the names that have a value, and reports whether another name has an unknown value.
func (n Names) given() (given Names, unknown bool) {
	for _, name := range n {
		switch {
		case name.Value.IsUnknown():
			unknown = true
		case !name.Value.IsNull():
			given = append(given, name)
		}
	}
	return given, unknown
}

// Check adds an error if more than one attribute has a value, or if none can have one.
func (n Names) Check(diags *diag.Diagnostics) {
	if given, unknown := n.given(); len(given) > 1 || (len(given) == 0 && !unknown) {
		n.addNotOne(given, diags)
	}
}

// One returns the attribute that has a value. ok is false, with an error, if not exactly one has.
func (n Names) One(diags *diag.Diagnostics) (name Name, ok bool) {
	given, _ := n.given()
	if len(given) != 1 {
		n.addNotOne(given, diags)
		return Name{}, false
	}
	return given[0], true
}

// Known returns the attribute that has a value. ok is false if this is still unknown.
func (n Names) Known() (name Name, ok bool) {
	given, unknown := n.given()
	if unknown || len(given) != 1 {
		return Name{}, false
	}
	return given[0], true
}

// list joins the attributes' names, as in "id, external_id and identifier".
func (n Names) list() string {
	attributes := make([]string, len(n))
	for i, name := range n {
		attributes[i] = name.Attribute
	}
	last := len(attributes) - 1
	if last < 1 {
		return strings.Join(attributes, "")
	}
	return strings.Join(attributes[:last], ", ") + " and " + attributes[last]
}

func (n Names) addNotOne(given Names, diags *diag.Diagnostics) {
	has := "sets none of them to a value"
	if len(given) > 0 {
		has = "sets " + given.list()
	}
	diags.AddError("Exactly one argument required", fmt.Sprintf("Specify the identity with exactly one of %s. The "+
		"configuration %s.", n.list(), has))
}
