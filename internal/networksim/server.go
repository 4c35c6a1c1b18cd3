package networksim

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Token is the API key that Network requires.
const Token = "ory_pat_simulated-canary-key"

// Options are the Kratos to forward to and the behaviour of the simulator. With only the addresses set, the simulator
// is a proxy that only counts.
type Options struct {
	Admin, Public string // URLs of a Kratos

	Token       string        // required as a Bearer token for the admin API; "" requires none
	Plan        Plan          // limits
	OneInFlight bool          // one create in flight for the project, and one write for each path
	Latency     time.Duration // of every request
	Scale       float64       // of the simulator's time, see the package documentation; 0 means 1

	Faults map[Fault]float64 // the share of all requests that meets each fault
	Seed   uint64            // determines which requests do
	Stall  time.Duration     // how long a stall lasts, unscaled; 0 means 10 s
	Burst  time.Duration     // how long a burst of 429 refuses everything, unscaled; 0 means 200 ms
}

// Network returns the options of a project on Ory Network with this plan. The caller fills in the addresses of a
// Kratos.
func Network(plan Plan) Options {
	return Options{Token: Token, Plan: plan, OneInFlight: true}
}

// Server is a running simulator.
type Server struct {
	options       Options
	admin, public *url.URL
	listener      net.Listener
	http          *http.Server
	upstream      *http.Transport
	meter         *meter

	stop     chan struct{} // Close closes it, and every wait ends
	running  sync.WaitGroup
	handling sync.RWMutex // every handler holds it for reading

	mu     sync.Mutex
	counts Counts
	drawn  map[Kind]int    // how many faults were drawn
	burst  time.Time       // when the current burst ends
	busy   map[string]bool // names that a request in flight uses exclusively
}

// Start runs a simulator on a free loopback port. The caller must Close it.
func Start(options Options) (*Server, error) {
	admin, err := url.Parse(options.Admin)
	if err != nil {
		return nil, err
	}
	public, err := url.Parse(options.Public)
	if err != nil {
		return nil, err
	}
	if options.Scale == 0 {
		options.Scale = 1
	}
	if options.Stall == 0 {
		options.Stall = defaultStall
	}
	if options.Burst == 0 {
		options.Burst = defaultBurst
	}
	if err := checkRates(options.Faults); err != nil {
		return nil, err
	}
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	s := &Server{
		options: options, admin: admin, public: public, listener: listener,
		upstream: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
		meter:    newMeter(options.Plan, options.Scale, time.Now),
		stop:     make(chan struct{}),
		counts:   Counts{}, drawn: map[Kind]int{}, busy: map[string]bool{},
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	s.running.Go(func() { _ = s.http.Serve(listener) }) // returns when Close closes the listener
	return s, nil
}

// URL returns the base URL of both APIs.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close ends all requests, and returns when they have ended. It doesn't interrupt the requests in Kratos.
func (s *Server) Close() error {
	close(s.stop)
	err := s.http.Close()
	s.handling.Lock() // waits for the running handlers; later handlers find the simulator closed
	defer s.handling.Unlock()
	s.upstream.CloseIdleConnections()
	s.running.Wait()
	return err
}

func (s *Server) closed() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}

// pause waits for d, shortened by the simulator's time scale, unless the simulator closes.
func (s *Server) pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	case <-s.stop:
	}
}
