package kratos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// BatchResult is what became of one item of a batch: the id of what was created, or why it wasn't. The error is an
// [*Error] with the status of the item. v1.3 gives no reason for anything but a conflict: [Error.Explains] is false
// then.
type BatchResult struct {
	ID  string
	Err error
}

// BatchCreateIdentities makes PATCH /admin/identities ("batchPatchIdentities"): one result per body, in their order. As
// with [Client.CreateIdentity], it isn't sent again once it may have been carried out. An error means that no item has
// a result: [ErrOutcomeUnknown] where some or all may have been created, else none was created.
//
// v1.3 rolls the whole batch back when an item conflicts, and still answers the others with ids, which don't exist:
// after a batch with any error the ids need to be looked up.
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
		body.Identities = append(body.Identities, item{create, NewUUID()})
		if create.HasPlaintextPassword() {
			r.timeout = plaintextTimeout
		}
	}
	r.body = body
	results := make([]BatchResult, 0, len(bodies))
	err := c.do(ctx, r, func(res *response) error {
		var answered struct {
			Identities bounded[batchAnswer] `json:"identities"`
		}
		if err := json.Unmarshal(res.body, &answered); err != nil || len(answered.Identities) != len(bodies) {
			return res.undecodable(fmt.Sprintf("results for %d identities", len(bodies)), err)
		}
		uses := map[string]int{}
		for _, said := range answered.Identities {
			uses[strings.ToLower(said.ID)]++
		}
		for i, said := range answered.Identities {
			result := BatchResult{ID: strings.ToLower(said.ID), Err: res.itemError(said.Error)}
			switch {
			case said.PatchID != body.Identities[i].PatchID:
				result = res.otherItem("the result of another request")
			case said.Error == nil && !IsUUID(said.ID):
				result = res.otherItem("a result without the id of an identity")
			case said.Error == nil && uses[strings.ToLower(said.ID)] > 1:
				result = res.otherItem("one identity as the result of several creates")
			}
			results = append(results, result)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// otherItem is the result of a create whose item in the response is about something else. The outcome of the create is
// unknown.
func (res *response) otherItem(what string) BatchResult {
	e := res.notKratos(what)
	e.causes = append(e.causes, ErrWrongIdentity, ErrOutcomeUnknown)
	return BatchResult{Err: e}
}

// batchAnswer is one item of "batchPatchIdentitiesResponse".
type batchAnswer struct {
	ID      string       `json:"identity"`
	PatchID string       `json:"patch_id"`
	Error   *kratosError `json:"error"`
}

// itemError is the error of one item, nil for none.
func (res *response) itemError(said *kratosError) error {
	if said == nil {
		return nil
	}
	e := res.call.newError(http.StatusInternalServerError)
	if code, err := said.Code.Int64(); err == nil && code >= 400 && code <= 599 {
		e.StatusCode = int(code)
	}
	e.Status = http.StatusText(e.StatusCode)
	e.take(*said, res.call.secrets)
	return e
}

// HasPlaintextPassword reports whether the server will have to hash a password, which takes it longer than all the
// rest.
func (b CreateIdentityBody) HasPlaintextPassword() bool {
	return b.Credentials != nil && b.Credentials.Password != nil && b.Credentials.Password.Config.Password != ""
}
