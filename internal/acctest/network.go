package acctest

import (
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// NewNetwork puts a simulated Ory Network project before a server, for the length of one test. The server's addresses
// are filled in; see networksim.Network for the other options.
func NewNetwork(t testing.TB, server *Server, options networksim.Options) *networksim.Server {
	t.Helper()
	options.Admin, options.Public = server.AdminURL, server.PublicURL
	network, err := networksim.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := network.Close(); err != nil {
			t.Error(err)
		}
	})
	return network
}

// NewNetworkWorkspace returns an empty workspace whose provider talks to a simulator.
func NewNetworkWorkspace(t testing.TB, network *networksim.Server) *Workspace {
	t.Helper()
	w := NewWorkspace(t, network.URL())
	w.Env = append(w.Env, "ORY_API_KEY="+networksim.Token)
	return w
}
