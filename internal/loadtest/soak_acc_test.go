//go:build unix

package loadtest_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// These are the short forms of make soak: despite all faults, every identity exists exactly once at the end, and none
// exists after the destroy.
func TestAccSoak(t *testing.T) {
	t.Parallel()
	soak(t, loadtest.Config{Size: 60})
}

func TestAccSoak_identities(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.WriteOnly) // of the passwords in ory_identities
	soak(t, loadtest.Config{Size: 200, InOne: true})
}

func soak(t *testing.T, config loadtest.Config) {
	t.Helper()
	server := acctest.Kratos(t)
	for seed := range uint64(3) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			config := config
			w := acctest.NewWorkspace(t, server.AdminURL)
			config.Prefix, config.Passwords = acctest.RandomName(), w.Has(acctest.WriteOnly)
			options := networksim.Network(networksim.Production)
			options.Scale, options.Seed, options.Stall = 10, seed, 300*time.Millisecond
			options.Faults = networksim.Each(0.05)
			soak := loadtest.Soak{
				CLI: w.Path, Provider: w.Provider, Dir: filepath.Join(w.Dir, "soak"), Server: server, Network: options,
				Config: config, Say: t.Logf,
			}
			figures, err := soak.Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if figures.Faulty() < 10 {
				t.Errorf("only %d requests met a fault:\n%s", figures.Faulty(), figures.Counts)
			}
			t.Logf("%d requests, %d of them faulty, in "+
				"%v:\n%s", figures.Counts.Requests(), figures.Faulty(), figures.Wall, figures.Counts)
		})
	}
}
