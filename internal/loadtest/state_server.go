//go:build unix

package loadtest

import (
	"io"
	"net"
	"net/http"
	"sync"
)

// StateServer keeps Terraform's states in memory, for the backend "http". States are kept remotely where Terraform is
// used by more than one, and then core writes them every 20 seconds rather than after every resource.
type StateServer struct {
	listener net.Listener
	http     http.Server
	running  sync.WaitGroup

	mu     sync.Mutex
	states map[string][]byte // by path
}

// StartStateServer runs a server on a free loopback port. The caller must Close it.
func StartStateServer() (*StateServer, error) {
	listener, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	s := &StateServer{listener: listener, states: map[string][]byte{}}
	s.http.Handler = s
	s.running.Go(func() { _ = s.http.Serve(listener) }) // ends when Close closes the listener
	return s, nil
}

// URL is the address of a state.
func (s *StateServer) URL(name string) string {
	return "http://" + s.listener.Addr().String() + "/" + name
}

// Size is the length of a state in bytes, 0 for one that was never written.
func (s *StateServer) Size(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.states["/"+name])
}

// Close ends the server; the states are gone.
func (s *StateServer) Close() error {
	err := s.http.Close()
	s.running.Wait()
	return err
}

// ServeHTTP is what the backend wants ("http" in the documentation of Terraform's backends).
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
