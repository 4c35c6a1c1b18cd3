package bulk

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/d66889dc/terraform-provider-ory/internal/batch"
)

// progressEvery is the interval of the log lines.
const progressEvery = 5 * time.Second

// progress logs how far an operation has come.
type progress struct{ done atomic.Int64 }

// watch logs the progress every few seconds at INFO until the returned function is called.
func (p *progress) watch(ctx context.Context, what string, total int, answers func() int64) (stop func()) {
	began, before := time.Now(), answers()
	ended, stopped := make(chan struct{}), make(chan struct{})
	say := func(message string) {
		done := p.done.Load()
		tflog.Info(ctx, message, map[string]any{
			"rows_done": done, "rows_left": int64(total) - done,
			"rows_per_second": int64(float64(done) / max(time.Since(began).Seconds(), 0.001)),
			"requests":        answers() - before,
		})
	}
	go func() {
		defer close(stopped)
		ticker := time.NewTicker(progressEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				return
			case <-ticker.C:
				say(what)
			}
		}
	}()
	return func() {
		close(ended)
		<-stopped
		say(what + ": finished")
	}
}

// forEach calls do for 0 to n-1, several at a time, and logs the progress.
func forEach(ctx context.Context, client *batch.Client, what string, n int, do func(i int)) {
	if n == 0 {
		return
	}
	var p progress
	defer p.watch(ctx, what, n, client.Answers)()
	batch.ForEach(n, func(i int) {
		do(i)
		p.done.Add(1)
	})
}
