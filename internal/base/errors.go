package base

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// AddError adds err as a diagnostic on the whole object: the answer of the server, and a remedy. The summary names the
// operation, as in "Creating identity".
func AddError(diags *diag.Diagnostics, summary string, err error) {
	diags.AddError(summary, Explain(err))
}

// AddNoSuchIdentity adds err, the error for an identity that doesn't exist, to the attribute identity_id.
func AddNoSuchIdentity(diags *diag.Diagnostics, summary string, err error) {
	diags.AddAttributeError(path.Root("identity_id"), "No such identity", fmt.Sprintf("%s: %s\n\nThe server has no "+
		"identity with this id. Refer to the id of an ory_identity; if that was deleted outside Terraform, the next plan "+
		"shows it.", summary, Sentence(err)))
}

// AddActionError is [AddError] for an action of this type, such as "ory_revoke_sessions". An action has no timeouts of
// its own, and the next apply doesn't repeat it.
func AddActionError(diags *diag.Diagnostics, actionType, summary string, err error) {
	run := "Run it again, since the next apply doesn't (unless a before_ event triggers it): terraform apply " +
		"-invoke=action." + actionType + ".<name>"
	var why, lost string
	switch {
	case errors.Is(err, kratos.ErrRateLimited):
		why = tooManyRequests
	case errors.Is(err, context.DeadlineExceeded):
		why = "The time allowed was not enough."
	default:
		why = advice(err)
	}
	if isLost(err) {
		lost = lostAnswer
	}
	diags.AddError(summary, paragraphs(Sentence(err), why, lost, run))
}

// Explain describes the failure of a request and the remedy.
func Explain(err error) string {
	lost := ""
	if isLost(err) {
		lost = lostAnswer + " Apply again: what the server has is read first."
	}
	return paragraphs(Sentence(err), advice(err), lost)
}

// ExplainUndone is Explain for a write after which the server was read and didn't have the change.
func ExplainUndone(err error) string {
	undone := ""
	if errors.Is(err, kratos.ErrOutcomeUnknown) {
		undone = "The server was read again after that, and doesn't have the change. Apply again."
	}
	return paragraphs(Sentence(err), advice(err), undone)
}

// isLost reports whether the outcome of a write is unknown. It excludes a wrong identity, whose advice says so itself.
func isLost(err error) bool {
	return errors.Is(err, kratos.ErrOutcomeUnknown) && !errors.Is(err, kratos.ErrWrongIdentity)
}

// paragraphs joins the texts that aren't empty.
func paragraphs(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), "\n\n")
}

// Sentence returns the text of err with a full stop.
func Sentence(err error) string {
	text := err.Error()
	if text == "" || text[len(text)-1] == '.' {
		return text
	}
	return text + "."
}

const (
	tooManyRequests = "The server kept refusing for too many requests."
	lostAnswer      = "The request was sent, but no answer of the server tells what became of it, so it may have taken " +
		"effect or not."
)

func advice(err error) string {
	switch {
	case errors.Is(err, kratos.ErrUnauthorized):
		return "The server refused the credentials. Check the provider's api_key or api_key_file (or ORY_API_KEY), or, " +
			"where a gateway stands before the admin API, its headers; and that the key belongs to this project."
	case errors.Is(err, kratos.ErrNotKratos):
		return "This is not an answer of the Kratos admin API. Check that the provider's admin_url (or ORY_ADMIN_URL) " +
			"names the admin API (port 4434 by default, not the public API on 4433) with the base path that your gateway " +
			"expects, without /admin/identities at its end; or that project_slug names your project."
	case errors.Is(err, kratos.ErrWrongIdentity):
		return "Nothing of this answer was used, and the Terraform state is as it was. Find the cache or gateway between " +
			"the provider and Kratos that mixes up answers, or drops the path or query of requests, and let it pass requests " +
			"to the admin API on unchanged. If the request was a write, it may have reached Kratos: plan again when that is " +
			"mended, and the server is read first."
	case errors.Is(err, kratos.ErrTooLarge):
		return "The provider bounds what it takes from a server, so that no answer can use up this machine's memory. Look " +
			"at what the server has there: an identity or a list of this size is hardly meant. Ids or a " +
			"credentials_identifier find single identities."
	case errors.Is(err, kratos.ErrSchemaRemoved):
		return "An identity that is to be read has an identity schema that the server's configuration no longer has. " +
			"Kratos can't read such an identity, nor any page of a list with one. Put the schema back into the server's " +
			"configuration (identity.schemas), under the same id, and give those identities another schema_id before it goes " +
			"again. Until then, ids or a credentials_identifier still find others, and terraform destroy -refresh=false " +
			"deletes such identities without reading them."
	case errors.Is(err, kratos.ErrUnreachable):
		return "Check that the server runs, that the provider's admin_url (or ORY_ADMIN_URL) or project_slug is right, and " +
			"that this machine may reach it; for TLS errors, the provider's tls settings."
	case errors.Is(err, kratos.ErrRateLimited):
		return tooManyRequests + " Apply again later, or with a lower -parallelism."
	case errors.Is(err, context.DeadlineExceeded):
		return "The time allowed by the resource's timeouts block or the provider's request_timeout was not enough. Apply " +
			"again; what was finished is kept."
	}
	return ""
}
