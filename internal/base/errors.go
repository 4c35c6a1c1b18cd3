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

// AddError adds err as a diagnostic on the whole object: the answer of the server, and a remedy. The summary names what
// failed, as in "Failed to create identity".
func AddError(diags *diag.Diagnostics, summary string, err error) {
	diags.AddError(summary, Explain(err))
}

// AddNoSuchIdentity adds err, the error for an identity that doesn't exist, to the attribute identity_id. task tells
// what was tried, as in "Sending the message".
func AddNoSuchIdentity(diags *diag.Diagnostics, task string, err error) {
	diags.AddAttributeError(path.Root("identity_id"), "Identity not found", fmt.Sprintf("%s: %s\n\nThe server has no "+
		"identity with this id. Set identity_id to the id of an ory_identity. If that identity was deleted outside "+
		"Terraform, the next plan shows it.", task, Sentence(err)))
}

// AddActionError is [AddError] for an action of this type, such as "ory_revoke_sessions". An action has no timeouts of
// its own, and the next apply doesn't repeat it.
func AddActionError(diags *diag.Diagnostics, actionType, summary string, err error) {
	run := "The next apply does not repeat the action, unless a before_ event triggers it. Run the action again: " +
		"terraform apply -invoke=action." + actionType + ".<name>"
	var why, lost string
	switch {
	case errors.Is(err, kratos.ErrRateLimited):
		why = tooManyRequests
	case errors.Is(err, context.DeadlineExceeded):
		why = "The action did not finish within its time limit."
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
		lost = lostAnswer + " Apply again: the provider reads the server first."
	}
	return paragraphs(Sentence(err), advice(err), lost)
}

// ExplainUndone is Explain for a write after which the server was read and didn't have the change.
func ExplainUndone(err error) string {
	undone := ""
	if errors.Is(err, kratos.ErrOutcomeUnknown) {
		undone = "The provider then read the server again, and the server does not have the change. Apply again."
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
	tooManyRequests = "The server refused every attempt, because it received too many requests."
	lostAnswer      = "The provider sent the request, but received no answer with the result. The server may have " +
		"made the change or not."
)

func advice(err error) string {
	switch {
	case errors.Is(err, kratos.ErrUnauthorized):
		return "The server refused the credentials. Check api_key or api_key_file (or ORY_API_KEY) of the provider. If " +
			"a gateway protects the admin API, also check headers. On Ory Network, the key must belong to the project of " +
			"project_slug."
	case errors.Is(err, kratos.ErrNotKratos):
		return "This is not an answer of the Kratos admin API. Check that admin_url (or ORY_ADMIN_URL) of the provider " +
			"is the URL of the admin API (port 4434 by default; port 4433 is the public API), with the base path that " +
			"your gateway expects, and without /admin/identities at the end. On Ory Network, check that project_slug is " +
			"the slug of your project."
	case errors.Is(err, kratos.ErrWrongIdentity):
		return "The provider ignored this answer, and the Terraform state is unchanged. Find the cache or gateway " +
			"between the provider and Kratos that mixes up answers, or that drops the path or the query of requests. " +
			"Configure it to forward requests to the admin API unchanged. If the request was a write, Kratos may have " +
			"received it: then plan again, which reads the server."
	case errors.Is(err, kratos.ErrTooLarge):
		return "The provider limits the size of answers, so that no answer uses up the memory of this machine. Check " +
			"the identity or the list on the server: this size is probably a mistake. The arguments ids and " +
			"credentials_identifier find single identities."
	case errors.Is(err, kratos.ErrSchemaRemoved):
		return "The server's configuration no longer has the identity schema of an identity that the provider must " +
			"read. Kratos cannot read such an identity, nor a page of a list that contains one. Add the schema to the " +
			"server's configuration (identity.schemas) again, with the same id. Before you remove the schema the next " +
			"time, give these identities another schema_id. Until then, the arguments ids and credentials_identifier " +
			"still find other identities, and terraform destroy -refresh=false deletes such identities without reading them."
	case errors.Is(err, kratos.ErrNotStorable):
		return "The database of the server does not store a value of this request: a NUL character (\\u0000), or a text " +
			"that is too long. Change the value."
	case errors.Is(err, kratos.ErrUnreachable):
		return "Check that the server runs, that admin_url (or ORY_ADMIN_URL) or project_slug of the provider is " +
			"correct, and that this machine can reach the server. For TLS errors, check the tls block of the provider."
	case errors.Is(err, kratos.ErrRateLimited):
		return tooManyRequests + " Apply again later, or with a lower -parallelism."
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation did not finish within the time limit of the resource's timeouts block or of the " +
			"provider's request_timeout. Apply again. Finished changes are kept."
	}
	return ""
}
