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

// memory bounds the bodies of all responses in memory by [MaxMemoryBytes]. Half of it is for bodies of up to
// mediumBody, the other half for larger bodies. A body up to smallBody is free: the number of requests in flight bounds
// those.
//
// The length of a body isn't known before its end, so that a large body takes a medium place first and a large place
// then. Who has a large place waits for nothing more, so that no two bodies wait for each other.
type memory struct{ medium, large semaphore }

func newMemory() *memory {
	return &memory{medium: newSemaphore(mediumCount), large: newSemaphore(largeCount)}
}

// read reads a body to its end. The caller calls release when the body and what refers to it are decoded.
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

// Kept bounds by [MaxKeptBytes] what a caller keeps of a list. The zero value has kept nothing.
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
