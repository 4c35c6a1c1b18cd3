package session

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/d66889dc/terraform-provider-ory/internal/base"
	"github.com/d66889dc/terraform-provider-ory/internal/kratos"
)

const (
	// atATime is the number of concurrent requests if each identity needs its own request.
	atATime = 10

	// progressEvery is the number of identities after which the action reports its progress.
	progressEvery = 100

	// maxShown is the maximum number of ids in an error.
	maxShown = 10
)

// revoker is the part of the admin API that the action uses.
type revoker interface {
	DeleteIdentitySessions(ctx context.Context, id string) error
	DeleteSessionsOf(ctx context.Context, ids []string) error
	GetIdentity(ctx context.Context, id string, includeCredential ...string) (*kratos.Identity, error)
	ListIdentities(ctx context.Context, opts kratos.ListIdentitiesOptions) iter.Seq2[*kratos.Identity, error]
}

// revocation ends the sessions of many identities.
type revocation struct {
	client   revoker
	locks    *base.Locks
	progress func(message string)
	diags    *diag.Diagnostics
}

// bounded calls do with the time limit of one request: all requests together may take longer.
func bounded(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, base.Timeout)
	defer cancel()
	return do(ctx)
}

// run ends the sessions of the identities with these ids, each of which occurs once.
func (r revocation) run(ctx context.Context, ids []string) {
	r.progress(fmt.Sprintf("Revoking all sessions of %d identities", len(ids)))
	done, missing, err := r.inBulk(ctx, ids)
	if errors.Is(err, kratos.ErrNoBulk) && done == 0 {
		done, missing, err = r.oneByOne(ctx, ids)
	}
	if err != nil {
		base.AddActionError(r.diags, actionType, failedToRevoke, fmt.Errorf("revoking the sessions of %d identities, of "+
			"which %d are done: %w", len(ids), done, err))
	} else {
		r.progress(fmt.Sprintf("Revoked all sessions of %d identities", len(ids)-len(missing)))
	}
	if len(missing) > 0 {
		r.addMissing(missing)
	}
}

func (r revocation) addMissing(ids []string) {
	slices.Sort(ids)
	shown, rest := ids, ""
	if len(ids) > maxShown {
		shown, rest = ids[:maxShown], fmt.Sprintf(" and %d more", len(ids)-maxShown)
	}
	r.diags.AddAttributeError(path.Root("identity_ids"), "Identities not found", fmt.Sprintf("The server has no "+
		"identities with these ids: %s%s. Check that the ids belong to this server or project. The identities may have "+
		"been deleted, together with their sessions.", strings.Join(shown, ", "), rest))
}

// inBulk ends the sessions by requests for many identities. The server doesn't report whether the identities exist, so
// a list by ids checks it.
func (r revocation) inBulk(ctx context.Context, ids []string) (done int, missing []string, err error) {
	for chunk := range slices.Chunk(ids, kratos.MaxSessionOwners) {
		err := bounded(ctx, func(ctx context.Context) error { return r.client.DeleteSessionsOf(ctx, chunk) })
		if err != nil {
			return done, missing, err
		}
		done += len(chunk)
		if done < len(ids) {
			r.progress(fmt.Sprintf("%d of %d identities are done", done, len(ids)))
		}
	}
	for chunk := range slices.Chunk(ids, kratos.MaxIDsPerList) {
		absent := map[string]bool{}
		for _, id := range chunk {
			absent[id] = true
		}
		err := bounded(ctx, func(ctx context.Context) error {
			for identity, err := range r.client.ListIdentities(ctx, kratos.ListIdentitiesOptions{IDs: chunk}) {
				if err != nil {
					return err
				}
				delete(absent, strings.ToLower(identity.ID))
			}
			return nil
		})
		if err != nil {
			return done, missing, err
		}
		for id := range absent {
			missing = append(missing, id)
		}
	}
	return done, missing, nil
}

// oneByOne ends the sessions by a request for each identity, a few at a time. After an error it starts no other
// request.
func (r revocation) oneByOne(ctx context.Context, ids []string) (done int, missing []string, err error) {
	var (
		mu    sync.Mutex
		group sync.WaitGroup
		slots = make(chan struct{}, atATime)
	)
	record := func(id string, failure error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case errors.Is(failure, kratos.ErrNotFound):
			missing = append(missing, id)
		case failure != nil:
			if err == nil {
				err = failure
			}
			return
		}
		if done++; done%progressEvery == 0 && done < len(ids) {
			r.progress(fmt.Sprintf("%d of %d identities are done", done, len(ids)))
		}
	}
	hasFailed := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return err != nil
	}
	for _, id := range ids {
		slots <- struct{}{}
		if hasFailed() {
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			defer r.locks.Lock(id)()
			record(id, bounded(ctx, func(ctx context.Context) error {
				_, err := revokeAll(ctx, r.client, id)
				return err
			}))
		})
	}
	group.Wait()
	return done, missing, err
}

// revokeAll reports whether there were any sessions. The server answers 404 if there were none, and also if the
// identity doesn't exist, which is an error.
func revokeAll(ctx context.Context, c revoker, id string) (bool, error) {
	err := c.DeleteIdentitySessions(ctx, id)
	if !errors.Is(err, kratos.ErrNotFound) {
		return err == nil, err
	}
	_, err = c.GetIdentity(ctx, id)
	return false, err
}
