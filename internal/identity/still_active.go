package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

// stillActive adds the error of a failed deactivation. If the server refused the request, the identity is certainly
// active; stillActive then at least ends the sessions, if they must end.
func (d *remover) stillActive(ctx context.Context, id string, err error) {
	summary := "Deactivating identity " + id
	var answer *kratos.Error
	if !errors.As(err, &answer) || !answer.Refused() {
		base.AddError(d.diags, summary, err)
		d.unrevoked.save(ctx, d.private, d.diags)
		return
	}
	cure := "Destroy again when the cause is gone."
	said := base.Explain(err)
	if lines := d.violationsIn(answer); len(lines) > 0 {
		said = fmt.Sprintf("The server checks the traits with every change, and its identity schema %q refuses those that "+
			"the identity has: %s (request id %s).", d.state.SchemaID.ValueString(), strings.Join(lines, "; "), answer.RequestID)
		cure = "Put the resource back into the configuration with traits that fit the schema and apply, then remove it " +
			"again. Or relax the schema on the server. To delete the identity instead, apply deletion_policy = \"delete\" " +
			"before that, which sends nothing; a removed block with destroy = false leaves the identity active and forgets it."
	}
	sessions := d.endSessionsOfActive(ctx, id)
	d.diags.AddError(summary, fmt.Sprintf("%s\n\nThe identity is still active: the person can sign in%s. "+
		"%s", said, sessions, cure))
	d.unrevoked.save(ctx, d.private, d.diags)
}

// endSessionsOfActive ends the sessions of an identity that is still active, and describes the result.
func (d *remover) endSessionsOfActive(ctx context.Context, id string) string {
	if !d.state.revokesOn(revokeOnDeactivation) && len(d.unrevoked) == 0 {
		return ", and sessions go on"
	}
	if err := endSessions(ctx, d.client, id); err != nil {
		return fmt.Sprintf(", and the sessions could not be ended either (%s)", strings.TrimSuffix(err.Error(), "."))
	}
	d.unrevoked = nil
	return " again. The sessions that there were have been ended"
}

// violationsIn describes the violations of the identity schema that the server's answer lists.
func (d *remover) violationsIn(answer *kratos.Error) []string {
	var lines []string
	for line := range strings.Lines(answer.Reason) {
		match := violation.FindStringSubmatch(strings.TrimSpace(line))
		if match == nil || match[2] == "validation failed" {
			continue
		}
		_, where, value := traitPath(d.state.Traits, segments(match[1]))
		lines = append(lines, where+": "+withoutValue(match[2], value))
	}
	return lines
}
