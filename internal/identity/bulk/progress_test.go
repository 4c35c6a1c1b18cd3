package bulk

import (
	"bytes"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// Every five seconds a line says how far an operation has come, and one more when it ends.
func TestProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx := tflogtest.RootLogger(t.Context(), &log)
		var requests atomic.Int64
		requests.Store(7)
		var p progress
		stop := p.watch(ctx, "creating identities", 1000, requests.Load)
		time.Sleep(progressEvery - time.Millisecond)
		p.done.Store(200)
		requests.Add(3)
		time.Sleep(progressEvery)
		p.done.Store(1000)
		stop()
		lines, err := tflogtest.MultilineJSONDecode(&log)
		if err != nil || len(lines) != 2 {
			t.Fatalf("%d lines: %v", len(lines), err)
		}
		for i, want := range []map[string]any{
			{"@message": "creating identities", "rows_done": 200., "rows_left": 800., "rows_per_second": 40., "requests": 3.},
			{"@message": "creating identities: finished", "rows_done": 1000., "rows_left": 0., "requests": 3.},
		} {
			want["@level"] = "info"
			for name, value := range want {
				if lines[i][name] != value {
					t.Errorf("line %d: %s is %v, want %v", i, name, lines[i][name], value)
				}
			}
		}
	})
}
