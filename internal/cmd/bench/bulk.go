//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/kratostest"
	"github.com/d66889dc/terraform-provider-ory/internal/loadtest"
	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// bulkRow is one step of many people in one resource, or the batch API alone.
type bulkRow struct {
	step string
	figures
}

// bulkBatch is how many rows the batch API gets at a time where it is measured alone.
const bulkBatch = 500

// measureBulk creates the same rows by the batch API alone and by one ory_identities, each on a server of its own.
func (b *bench) measureBulk(ctx context.Context) (rows []bulkRow, err error) {
	people := loadtest.Bulk{Prefix: "bulk", Size: b.bulkSize}
	err = b.onServer(ctx, func(network *networksim.Server) error {
		b.say("%d rows by the batch API alone", people.Size)
		took, err := sendBatches(ctx, network.URL(), people)
		rows = append(rows, bulkRow{"the batch API alone", figures{loadtest.Result{Wall: took}, network.Counts()}})
		return err
	})
	if err != nil {
		return rows, err
	}
	err = b.onServer(ctx, func(network *networksim.Server) error {
		runner, err := loadtest.NewRunner(b.cli, b.folder("bulk"), b.provider, network.URL())
		if err != nil {
			return err
		}
		for _, s := range []struct {
			name    string
			changed int
			exit    int
			args    []string
		}{
			{"apply", 0, 0, []string{"apply", "-auto-approve"}},
			{"plan without changes", 0, 0, []string{"plan", "-detailed-exitcode", "-out=" + os.DevNull}},
			{"one row changed: plan", 1, planHasChanges, []string{"plan", "-detailed-exitcode", "-out=" + os.DevNull}},
			{"one row changed: apply", 1, 0, []string{"apply", "-auto-approve"}},
			{"destroy", 1, 0, []string{"destroy", "-auto-approve"}},
		} {
			b.say("%d rows in one resource: %s", people.Size, s.name)
			people.Changed = s.changed
			if err := people.Write(runner.Dir); err != nil {
				return err
			}
			network.Reset()
			result, err := runner.Run(ctx, append(s.args, "-no-color", "-input=false")...)
			if err == nil && result.ExitCode != s.exit {
				err = fmt.Errorf("%s exited with %d:\n%s", s.name, result.ExitCode, result.Tail())
			}
			if err != nil {
				return err
			}
			rows = append(rows, bulkRow{s.name, figures{result, network.Counts()}})
			b.say("  %s, %s", result.Wall.Round(time.Millisecond), megabytes(result.PeakRSS))
		}
		return nil
	})
	return rows, err
}

// onServer runs do with a new Kratos, behind a simulator that counts.
func (b *bench) onServer(ctx context.Context, do func(*networksim.Server) error) (err error) {
	server, err := kratostest.Start(ctx, kratostest.Options{Quickstart: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	network, err := networksim.Start(networksim.Options{Admin: server.AdminURL, Public: server.PublicURL})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, network.Close()) }()
	return do(network)
}

func sendBatches(ctx context.Context, admin string, people loadtest.Bulk) (time.Duration, error) {
	began := time.Now()
	for first := 0; first < people.Size; first += bulkBatch {
		body, err := people.Batch(first, min(first+bulkBatch, people.Size))
		if err != nil {
			return 0, err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPatch, admin+"/admin/identities", bytes.NewReader(body))
		if err != nil {
			return 0, err
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, err
		}
		answer, err := io.ReadAll(resp.Body)
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return 0, err
		}
		if resp.StatusCode != http.StatusOK || bytes.Contains(answer, []byte(`"action":"error"`)) {
			return 0, fmt.Errorf("the batch from %d on: %s: %.300s", first, resp.Status, answer)
		}
	}
	return time.Since(began), nil
}

func (b *bench) printBulk(w io.Writer, rows []bulkRow) {
	fmt.Fprintf(w, "\n%d people with traits, a verified address and a bcrypt hash, in one `ory_identities`. The database file "+
		"is as in Ory's quickstart.\n\n| Step | Wall | Requests | Provider's peak RSS |\n|---|---|---|---|\n", b.bulkSize)
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", r.step, seconds(r.Wall), requests(r.counts), megabytes(r.PeakRSS))
	}
	if len(rows) > 1 {
		fmt.Fprintf(w, "\nThe apply took %.2f times as long as the batch API alone.\n", float64(rows[1].Wall)/float64(rows[0].Wall))
	}
}
