package passwordhash

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// maxHashes bounds what is remembered, to a few MB.
const maxHashes = 20_000

// hashMemory remembers the hashes that this process has made: an apply asks twice for each. It keeps no password, and lives no longer
// than the process, which Terraform starts anew for each plan and each apply.
type hashMemory struct {
	key    [sha256.Size]byte // another one in each process, so that what is remembered is of no use elsewhere
	mu     sync.Mutex
	hashes map[[sha256.Size]byte]func() string
}

func newHashMemory() *hashMemory {
	m := &hashMemory{hashes: map[[sha256.Size]byte]func() string{}}
	_, _ = rand.Read(m.key[:]) // never fails
	return m
}

// get returns what hash makes of a password and seed, which is made once, also where several ask at the same time.
func (m *hashMemory) get(password, seed string, hash func(password, seed string) string) string {
	key := m.fingerprint(password, seed)
	m.mu.Lock()
	made, ok := m.hashes[key]
	if !ok {
		if len(m.hashes) == maxHashes {
			clear(m.hashes)
		}
		made = sync.OnceValue(func() string { return hash(password, seed) })
		m.hashes[key] = made
	}
	m.mu.Unlock()
	return made()
}

// fingerprint stands for a password and seed. The length keeps ("ab", "c") and ("a", "bc") apart.
func (m *hashMemory) fingerprint(password, seed string) [sha256.Size]byte {
	data := binary.BigEndian.AppendUint64(m.key[:len(m.key):len(m.key)], uint64(len(password)))
	return sha256.Sum256(append(append(data, password...), seed...))
}
