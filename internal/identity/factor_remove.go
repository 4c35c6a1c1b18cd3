package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/credential"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

var errStillThere = errors.New("the server reported success, but the identity still has the credential")

// remove removes the factors that Terraform has set and the plan drops. The server doesn't protect the last way to sign
// in from a JSON Patch, so remove checks it. If the answer to a removal is lost, it reads the identity again.
func (f factor) remove(ctx context.Context, o *operation, saved func()) bool {
	dropped := f.dropped(o)
	if len(dropped) == 0 {
		return true
	}
	id := o.state.ID.ValueString()
	var lost error
	for range maxPatches {
		before, err := credential.ReadSignIn(ctx, o.client, id, f.kind)
		if err != nil {
			o.failure().onUpdate(ctx, errors.Join(err, lost), false, o.diags)
			return false
		}
		o.known = *before.Identity
		has, exists := before.Credentials[f.kind]
		if exists && !has.Known {
			f.addUnread(o, id)
			return false
		}
		if !f.form.finds(has, dropped) {
			f.released(o, dropped)
			saved()
			return true
		}
		if f.wouldLockOut(before, dropped) {
			f.addLastWayIn(o, id)
			return false
		}
		// After a success, the next read finds nothing to remove, and reads the other values that the removal has changed.
		if lost = f.form.remove(ctx, o.client, id, has, dropped); lost == nil {
			lost = errStillThere
		} else if ctx.Err() != nil || !errors.Is(lost, kratos.ErrOutcomeUnknown) {
			break
		}
	}
	lost = fmt.Errorf("removing %s of identity %s: %w", f.path(), id, lost)
	o.diags.AddAttributeError(f.path(), failedToRemoveCredential, base.Explain(lost)+
		"\n\nAll other changes of this identity were made. The next apply tries this again.")
	return false
}

// released records that Terraform no longer has these marks.
func (f factor) released(o *operation, marks []string) {
	o.owned.setFactor(f.kind, slices.DeleteFunc(slices.Clone(o.owned.Factors[f.kind]), func(mark string) bool {
		return slices.Contains(marks, mark)
	}))
}

// wouldLockOut reports whether nobody could sign in to the identity after the removal of the factors with these marks.
func (f factor) wouldLockOut(before credential.SignIn, marks []string) bool {
	has := before.Credentials[f.kind]
	for _, key := range has.Keys {
		if (key.IsPasswordless || f.kind == credential.Passkey) && !slices.Contains(marks, key.ID) {
			return false
		}
	}
	return has.IsSet && !before.RemainsAfterPatch(map[string][]string{f.kind: has.Identifiers})
}

func (f factor) addLastWayIn(o *operation, id string) {
	var last credential.LastWayError
	o.diags.AddAttributeError(f.path(), "Last way to sign in", fmt.Sprintf("The configuration removes %s of identity "+
		"%s: %s Nothing was removed. All other changes were made.\n\nGive the person another way to sign in: a password "+
		"in the same apply, or a link. Or keep the credential. To lock the person out, set state = \"inactive\".",
		f.path(), id, last.Error()))
}

// held keeps dropped factors in the model until they are removed.
func (f factor) held(o *operation, m *model) {
	if pending := f.dropped(o); len(pending) > 0 {
		m.setCredential(f.kind, f.form.withPending(f.of(&o.plan), f.of(&o.state), pending))
	}
}
