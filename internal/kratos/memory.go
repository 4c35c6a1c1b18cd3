package kratos

import (
	"bytes"
	"context"
	"fmt"
	"io"
)

// Sizes of responses. A body counts twice, since its decoded form takes about as much memory as the body.
const (
	smallBody   = 256 << 10
	mediumBody  = 2 << 20
	mediumCount = MaxMemoryBytes / 2 / (2 * mediumBody)
	largeCount  = MaxMemoryBytes / 2 / (2 * MaxResponseBytes)
)

// memory limits the bodies of all responses in memory to [MaxMemoryBytes]. One half is for bodies of up to mediumBody,
// the other half for larger bodies. A body of up to smallBody doesn't count, because the number of requests in flight
// limits these.
//
// The length of a body is unknown before its end. A large body therefore takes first a medium place and then a large
// place. A body with a large place doesn't wait any more, so there is no deadlock.
type memory struct{ medium, large semaphore }

func newMemory() *memory {
	return &memory{medium: newSemaphore(mediumCount), large: newSemaphore(largeCount)}
}

// read reads a body to its end. The caller must call release after it has decoded the body.
func (m *memory) read(ctx context.Context, body io.Reader, limit int) (content []byte, release func(), err error) {
	var held []semaphore
	release = func() {
		for _, s := range held {
			s.release()
		}
		held = nil
	}
	var buffer bytes.Buffer
	for _, step := range []struct {
		place semaphore
		size  int
	}{{nil, smallBody}, {m.medium, mediumBody}, {m.large, limit}} {
		if err = step.place.acquire(ctx); err != nil {
			break
		}
		if step.place != nil {
			held = append(held, step.place)
		}
		size := min(step.size, limit)
		if _, err = io.Copy(&buffer, io.LimitReader(body, int64(size+1-buffer.Len()))); err != nil || buffer.Len() <= size {
			break
		}
		if size == limit {
			err = errTooManyBytes("the response", limit)
			break
		}
	}
	if err != nil {
		release()
		return nil, nil, fmt.Errorf("reading the response: %w", err)
	}
	return buffer.Bytes(), release, nil
}

// Kept limits the data that a caller keeps of a list to [MaxKeptBytes]. The zero value has kept nothing.
type Kept struct{ bytes int }

// Add counts an identity that the caller keeps. The error is [ErrTooLarge].
func (k *Kept) Add(identity *Identity) error {
	const structure = 1 << 10 // an Identity with its short strings
	size := structure + len(identity.Traits) + len(identity.MetadataPublic) + len(identity.MetadataAdmin)
	size += (len(identity.VerifiableAddresses) + len(identity.RecoveryAddresses)) * structure / 4
	for _, credential := range identity.Credentials {
		for _, identifier := range credential.Identifiers {
			size += len(identifier)
		}
	}
	return k.add(size, "the list of identities")
}

func (k *Kept) add(bytes int, what string) error {
	if k.bytes += bytes; k.bytes > MaxKeptBytes {
		return errTooManyBytes(what, MaxKeptBytes)
	}
	return nil
}
