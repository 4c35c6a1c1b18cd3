package kratos

import (
	"net/http"
	"sync"
	"time"
)

// clock records how far the clocks of the server are ahead of ours. There may be several clocks: that of a gateway,
// which writes the Date header, and that of each Kratos behind it, which writes created_at.
type clock struct {
	mu          sync.Mutex
	known       bool          // a Date header was seen
	last        time.Duration // how far the clock of the last Date header is ahead
	least, most time.Duration // over all clocks, including ours, which is 0
}

// ServerTime returns the time of the clock of the last Date header. known is false before the first Date header.
func (c *Client) ServerTime() (now time.Time, known bool) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return time.Now().Add(c.clock.last), c.clock.known
}

// Earliest returns the time of the slowest known clock, including ours. If one of these clocks sets the creation time
// of an object that is created from now on, this time isn't earlier than Earliest.
func (c *Client) Earliest() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return time.Now().Add(c.clock.least)
}

// Latest returns the time of the fastest known clock, including ours.
func (c *Client) Latest() time.Time {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	return time.Now().Add(c.clock.most)
}

// noteDate records the clock of the Date header of a response.
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

// NoteCreation records the clock of Kratos from the created_at of an identity that was created just now. A created_at
// before our time also counts, although it may only mean that the response was slow. The caller must be sure that it
// has created the identity, because the created_at of another identity would make the clock wrong.
func (c *Client) NoteCreation(createdAt string) {
	created, err := time.Parse(time.RFC3339, createdAt)
	if err != nil || created.IsZero() {
		return
	}
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	c.clock.widen(time.Until(created))
}

// widen includes a clock that is ahead by this duration. The caller must hold the mutex.
func (c *clock) widen(ahead time.Duration) {
	c.least, c.most = min(c.least, ahead), max(c.most, ahead)
}

// skew returns the smallest possible difference between a clock that shows this date and now. A Date header has whole
// seconds, rounded down, so it can mean any time of the second. With the first time of the second, actions would be up
// to a second late.
func skew(now, date time.Time) time.Duration {
	if ahead := date.Sub(now); ahead > 0 {
		return ahead
	}
	return min(0, date.Add(time.Second).Sub(now))
}
