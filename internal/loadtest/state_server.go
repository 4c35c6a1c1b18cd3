//go:build unix

package loadtest

import (
	"io"
	"net"
	"net/http"
	"sync"
)

// StateServer keeps Terraform's states in memory, for the backend "http". Teams use remote states, and Terraform writes
// a remote state every 20 seconds instead of after every resource.
type StateServer struct {
	listener net.Listener
	http     http.Server
	running  sync.WaitGroup

	mu     sync.Mutex
	states map[string][]byte // by the path of the URL
}

// StartStateServer runs a server on a free loopback port. The caller must Close it.
func StartStateServer() (*StateServer, error) {
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	s := &StateServer{listener: listener, states: map[string][]byte{}}
	s.http.Handler = s
	s.running.Go(func() { _ = s.http.Serve(listener) }) // returns when Close closes the listener
	return s, nil
}

// URL returns the address of a state.
func (s *StateServer) URL(name string) string {
	return "http://" + s.listener.Addr().String() + "/" + name
}

// Size returns the length of a state in bytes, or 0 if it was never written.
func (s *StateServer) Size(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.states["/"+name])
}

// Close stops the server and discards the states.
func (s *StateServer) Close() error {
	err := s.http.Close()
	s.running.Wait()
	return err
}

// ServeHTTP implements the protocol of the backend ("http" in the documentation of Terraform's backends).
func (s *StateServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state, ok := s.states[r.URL.Path]; {
	case r.Method == http.MethodPost:
		s.states[r.URL.Path] = body
	case r.Method == http.MethodDelete:
		delete(s.states, r.URL.Path)
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case ok:
		_, _ = w.Write(state)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}
