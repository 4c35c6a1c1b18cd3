package kratos

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// BatchResult is the result of one item of a batch: the id of the new identity, or an error. The error is an [*Error]
// with the status of the item. v1.3 gives reasons only for conflicts. For other errors [Error.Explains] is false.
type BatchResult struct {
	ID  string
	Err error
}

// BatchCreateIdentities sends PATCH /admin/identities ("batchPatchIdentities"): one result per body, in their order.
// Like [Client.CreateIdentity], it does not send the request again if the server may have carried it out. An error
// means that there are no results. With [ErrOutcomeUnknown] the server may have created some or all identities. With
// other errors it has created none.
//
// v1.3 rolls the whole batch back if an item conflicts, and nevertheless returns ids for the other items. These ids
// don't exist. After a batch with an error, the caller must look the ids up.
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

// otherItem returns the result of a create if the item in the response belongs to another create. The outcome of the
// create is unknown.
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

// itemError returns the error of one item, nil if it has none.
func (res *response) itemError(said *kratosError) error {
	if said == nil {
		return nil
	}
	e := res.call.newError(http.StatusInternalServerError)
	if code, err := said.Code.Int64(); err == nil && code >= 400 && code <= 599 {
		e.StatusCode = int(code)
	}
	e.Status = http.StatusText(e.StatusCode)
	if e.StatusCode == http.StatusConflict && res.call.limited {
		e.causes = append(e.causes, ErrOutcomeUnknown) // an earlier attempt may have created the conflicting identity
	}
	e.take(*said, res.call.secrets)
	return e
}

// HasPlaintextPassword reports whether the server has to hash a password, which takes longer than the rest of the
// create.
func (b CreateIdentityBody) HasPlaintextPassword() bool {
	return b.Credentials != nil && b.Credentials.Password != nil && b.Credentials.Password.Config.Password != ""
}
