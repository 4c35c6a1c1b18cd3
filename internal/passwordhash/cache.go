package passwordhash

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// maxHashes bounds the memory of a cache to a few MB.
const maxHashes = 20_000

// hashCache keeps the hashes that this process has computed: an apply asks for each hash twice. It keeps no password.
// It lives as long as the process, which Terraform starts anew for each plan and each apply.
type hashCache struct {
	key    [sha256.Size]byte // random, so that a fingerprint is of no use to another process
	mu     sync.Mutex
	hashes map[[sha256.Size]byte]func() string
}

func newHashCache() *hashCache {
	c := &hashCache{hashes: map[[sha256.Size]byte]func() string{}}
	_, _ = rand.Read(c.key[:]) // never fails
	return c
}

// get returns the hash of a password and seed. It calls the function hash once for each pair, also when several
// goroutines ask at the same time.
func (c *hashCache) get(password, seed string, hash func(password, seed string) string) string {
	key := c.fingerprint(password, seed)
	c.mu.Lock()
	compute, ok := c.hashes[key]
	if !ok {
		if len(c.hashes) == maxHashes {
			clear(c.hashes)
		}
		compute = sync.OnceValue(func() string { return hash(password, seed) })
		c.hashes[key] = compute
	}
	c.mu.Unlock()
	return compute()
}

// fingerprint is the key of a password and seed. The length of the password keeps ("ab", "c") and ("a", "bc") apart.
func (c *hashCache) fingerprint(password, seed string) [sha256.Size]byte {
	data := binary.BigEndian.AppendUint64(c.key[:len(c.key):len(c.key)], uint64(len(password)))
	return sha256.Sum256(append(append(data, password...), seed...))
}
