//go:build unix

package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/acctest/networksim"
)

// print writes the Markdown.
func (b *bench) print(w io.Writer, rows []row, passwords []passwordRow, memory []memoryRow) {
	fmt.Fprintf(w, "%d identities, `-parallelism=10` unless said, %s. %s, %s, %s with an SQLite file as in Ory's quickstart, all on one machine.\n",
		b.size, medians(b.runs), b.started.Format(time.DateOnly), b.cpu+", "+b.cliVersion, b.kratos)
	if len(rows) > 0 {
		fmt.Fprint(w, "\n| Server | Step | Batching | Wall | Requests | Refused (429) | Provider's peak RSS |\n|---|---|---|---|---|---|---|\n")
	}
	for _, r := range rows {
		for _, f := range r.modes {
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %d | %s |\n", r.place.title, r.step, f.name, wall(r.place, f.figures), requests(f.counts),
				f.counts.Answered(networksim.RateLimited)+f.counts.Answered(networksim.AlreadyBusy), megabytes(f.PeakRSS))
		}
	}
	if len(passwords) > 0 {
		fmt.Fprintf(w, "\n| %d identities with | Server's bcrypt cost | Apply | Plan without changes |\n|---|---|---|---|\n", b.passwords)
	}
	for _, r := range passwords {
		fmt.Fprintf(w, "| %s | %d | %s | %s |\n", r.title, r.cost, seconds(r.apply.Wall), seconds(r.plan.Wall))
	}
	if len(memory) > 0 {
		fmt.Fprintf(w, "\n| First plan of %d | Wall | Provider's peak RSS |\n|---|---|---|\n", b.memorySize)
	}
	for _, r := range memory {
		fmt.Fprintf(w, "| %s | %s | %s |\n", r.title, seconds(r.Wall), megabytes(r.PeakRSS))
	}
}

func medians(runs int) string {
	if runs == 1 {
		return "one run"
	}
	return fmt.Sprintf("medians of %d runs", runs)
}

// wall also tells, where the simulator's time is scaled, between what the unscaled time lies: see networksim.
func wall(p place, f figures) string {
	text := seconds(f.Wall)
	if scale := p.options.Scale; scale > 1 {
		least := max(p.options.Plan.Least(f.counts), f.Wall)
		text += fmt.Sprintf(" (unscaled: %s to %s)", seconds(least), seconds(time.Duration(float64(f.Wall)*scale)))
	}
	if f.ExitCode != 0 {
		text += fmt.Sprintf(", **failed**: %d errors", f.Errors().Total())
	}
	return text
}

// requests are those of every kind, the commonest kinds by name.
func requests(counts networksim.Counts) string {
	var parts []string
	for _, kind := range []networksim.Kind{
		networksim.Create, networksim.Batch, networksim.Get, networksim.List, networksim.Patch, networksim.Put, networksim.Delete, networksim.Schema,
	} {
		count := counts[kind]
		switch {
		case count.Items > 0:
			parts = append(parts, fmt.Sprintf("%d %s of %d", count.Requests, kind, count.Items))
		case count.Requests > 0:
			parts = append(parts, fmt.Sprintf("%d %s", count.Requests, kind))
		}
	}
	return fmt.Sprintf("%d: %s", counts.Requests(), strings.Join(parts, ", "))
}

func seconds(d time.Duration) string {
	if d >= 2*time.Minute {
		return fmt.Sprintf("%.1f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

func megabytes(bytes int64) string {
	if bytes == 0 {
		return "not measured"
	}
	return fmt.Sprintf("%.0f MB", float64(bytes)/(1<<20))
}
