package kratos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// BatchResult is what became of one item of a batch: the id of what was created, or why it wasn't. The error is an [*Error] with
// the status of the item. v1.3 gives no reason for anything but a conflict: [Error.Explains] is false then.
type BatchResult struct {
	ID  string
	Err error
}

// plaintextTimeout is what a batch with plain-text passwords may take at the least: the server hashes them one after the other,
// and ends a request of its own accord after two minutes.
const plaintextTimeout = 150 * time.Second

// BatchCreateIdentities makes PATCH /admin/identities ("batchPatchIdentities"): one result per body, in their order. As with
// [Client.CreateIdentity], it isn't sent again once it may have been carried out. An error means that no item tells its own:
// [ErrOutcomeUnknown] where some or all may have been created, else none has.
//
// v1.3 rolls the whole batch back when an item conflicts, and still answers the others with ids, which don't exist: after a batch
// with any error the ids need to be looked up.
func (c *Client) BatchCreateIdentities(ctx context.Context, bodies []CreateIdentityBody) ([]BatchResult, error) {
	type item struct {
		Create  CreateIdentityBody `json:"create"`
		PatchID string             `json:"patch_id"`
	}
	var body struct {
		Identities []item `json:"identities"`
	}
	r := request{method: http.MethodPatch, path: identitiesPath, items: len(bodies)}
	for _, create := range bodies {
		body.Identities = append(body.Identities, item{create, newRequestID()})
		if create.HasPlaintextPassword() {
			r.timeout = plaintextTimeout
		}
	}
	r.body = body
	a, err := c.do(ctx, r)
	if err != nil {
		return nil, err
	}
	var answered struct {
		Identities []batchAnswer `json:"identities"`
	}
	if err := json.Unmarshal(a.body, &answered); err != nil || len(answered.Identities) != len(bodies) {
		return nil, a.notKratos(fmt.Sprintf("no results for %d identities, but %s", len(bodies), a.otherJSON()))
	}
	results := make([]BatchResult, 0, len(bodies))
	for i, said := range answered.Identities {
		if said.PatchID != body.Identities[i].PatchID || said.Error == nil && said.ID == "" {
			return nil, a.notKratos("the results of another batch")
		}
		results = append(results, BatchResult{ID: said.ID, Err: a.itemError(said.Error)})
	}
	return results, nil
}

// batchAnswer is one item of "batchPatchIdentitiesResponse".
type batchAnswer struct {
	ID      string       `json:"identity"`
	PatchID string       `json:"patch_id"`
	Error   *kratosError `json:"error"`
}

// itemError is the error of one item, nil for none.
func (a *answer) itemError(said *kratosError) error {
	if said == nil {
		return nil
	}
	e := a.call.newError(http.StatusInternalServerError)
	if code, err := said.Code.Int64(); err == nil && code >= 400 && code <= 599 {
		e.StatusCode = int(code)
	}
	e.Status = http.StatusText(e.StatusCode)
	e.take(*said, a.call.secrets)
	return e
}

// HasPlaintextPassword says whether the server will have to hash a password, which takes it longer than all the rest.
func (b CreateIdentityBody) HasPlaintextPassword() bool {
	return b.Credentials != nil && b.Credentials.Password != nil && b.Credentials.Password.Config.Password != ""
}
