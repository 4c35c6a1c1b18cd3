package kratos

import (
	"net/http"
	"sync"
	"time"
)

// clock knows how far the clocks that the server's responses show are ahead of ours. There may be several: that of a
// gateway, which writes the Date header, that of each Kratos behind it, which writes created_at, and ours.
type clock struct {
	mu          sync.Mutex
	known       bool          // a Date header was seen
	last        time.Duration // by the last Date header
	least, most time.Duration // over all that was seen, ours included, which is 0
}

// ServerTime is the time by the clock that the last Date header showed. It is not known before a response has shown
// one.
func (c *Client) ServerTime() (now time.Time, known bool) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return time.Now().Add(c.clock.last), c.clock.known
}

// Earliest is the time by the slowest of all clocks seen so far, ours included. Whatever clock stamps an object that is
// made from now on, the stamp isn't earlier, as long as that clock is among those seen.
func (c *Client) Earliest() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return time.Now().Add(c.clock.least)
}

// Latest is the time by the fastest of all clocks seen so far, ours included.
func (c *Client) Latest() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return time.Now().Add(c.clock.most)
}

// noteDate learns a clock from the Date header of a response.
func (c *clock) noteDate(header http.Header) {
	date, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known, c.last = true, skew(time.Now(), date)
	c.widen(c.last)
}

// NoteCreation learns the clock of Kratos itself from the created_at of an identity that was created just now. An
// earlier created_at than our time may only mean that the response took a while, but counts. The caller is sure that
// the identity is the one that it has created: the created_at of any other would spoil the clock.
func (c *Client) NoteCreation(createdAt string) {
	created, err := time.Parse(time.RFC3339, createdAt)
	if err != nil || created.IsZero() {
		return
	}
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	c.clock.widen(time.Until(created))
}

// widen counts a clock that is so far ahead. The caller holds the mutex.
func (c *clock) widen(ahead time.Duration) {
	c.least, c.most = min(c.least, ahead), max(c.most, ahead)
}

// skew is how far a clock that shows this date is ahead of now, at least. A Date header has whole seconds, rounded
// down: all times of that second may be meant, and the first of them would delay for a second what is due already.
func skew(now, date time.Time) time.Duration {
	if ahead := date.Sub(now); ahead > 0 {
		return ahead
	}
	return min(0, date.Add(time.Second).Sub(now))
}
