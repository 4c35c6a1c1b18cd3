package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/d66889dc/terraform-provider-ory/internal/jsonvalue"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// hasNUL reports whether a string or a key has a NUL character.
func hasNUL(text string, _ bool) bool { return strings.ContainsRune(text, 0) }

// nulFinder collects the places of NUL characters in a plan.
type nulFinder struct {
	at    path.Path
	names []string
}

func (n *nulFinder) add(at path.Path, name string) {
	if len(n.names) == 0 {
		n.at = at
	}
	n.names = append(n.names, name)
}

// inMetadata searches one of the two metadata attributes. The error names the whole attribute: its keys can be secret.
func (n *nulFinder) inMetadata(name string, value types.Dynamic) {
	if len(stringsWith(jsonvalue.Unwrap(value), hasNUL)) > 0 {
		n.add(path.Root(name), name)
	}
}

// addTo adds an error if NUL characters were found and err is the answer of a database that doesn't store them, as
// PostgreSQL. SQLite stores NUL characters. It reports whether it added the error.
func (n *nulFinder) addTo(diags *diag.Diagnostics, err error) bool {
	var answer *kratos.Error
	if len(n.names) == 0 || !errors.Is(err, kratos.ErrNotStorable) || !errors.As(err, &answer) {
		return false
	}
	diags.AddAttributeError(n.at, "NUL character refused by the server's database", fmt.Sprintf("The database of the "+
		"server does not store NUL characters (\\u0000). These values contain NUL characters: %s (request id %s). Remove "+
		"the NUL characters.", strings.Join(n.names, ", "), answer.RequestID))
	return true
}

// addNUL adds an error on the values with NUL characters if the database of the server has refused them.
func (f failure) addNUL(ctx context.Context, answer *kratos.Error, diags *diag.Diagnostics) bool {
	if !errors.Is(answer, kratos.ErrNotStorable) {
		return false // the names of traits may need a request
	}
	var n nulFinder
	isName := namesTrait(ctx, f.schemas, f.plan.SchemaID.ValueString())
	for _, segments := range stringsWith(jsonvalue.Unwrap(f.plan.Traits), hasNUL) {
		n.add(traitPath(f.plan.Traits, segments, isName))
	}
	n.inMetadata(metadataPublic.name, f.plan.MetadataPublic)
	n.inMetadata(metadataAdmin.name, f.plan.MetadataAdmin)
	if strings.ContainsRune(f.plan.ExternalID.ValueString(), 0) {
		n.add(path.Root("external_id"), "external_id")
	}
	return n.addTo(diags, answer)
}
