package hostile_test

import (
	"log"
	"os"
	"testing"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest"
)

// TestMain gives the journals of ory_identities, which are in Terraform's data directory, a folder outside the
// repository: core is in this process.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ory-hostile-")
	if err == nil {
		err = os.Setenv("TF_DATA_DIR", dir)
	}
	if err != nil {
		log.Fatal(err)
	}
	acctest.Main(m, func() { _ = os.RemoveAll(dir) })
}
