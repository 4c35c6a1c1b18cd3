package base

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// longWait is the shortest wait that is logged for the user.
const longWait = 5 * time.Second

// Notice logs a line if a wait takes longer than a few seconds: what the wait is for, and how long it lasts at most.
// The caller must call the returned function at the end of the wait.
func Notice(ctx context.Context, waitsFor string, most time.Duration) (stop func()) {
	timer := time.AfterFunc(longWait, func() {
		tflog.Warn(ctx, "waiting for "+waitsFor, map[string]any{
			"waited": longWait.String(), "at_most": (most - longWait).String(),
		})
	})
	return func() { timer.Stop() }
}
