//go:build unix

package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/d66889dc/terraform-provider-ory/internal/networksim"
)

// tables are what was measured.
type tables struct {
	rows      []row
	compared  []compared
	passwords []passwordRow
	memory    []memoryRow
	bulk      []bulkRow
}

// print writes the Markdown.
func (b *bench) print(w io.Writer, t tables) {
	fmt.Fprintf(w, "%s. %s, %s, %s with an SQLite file unless said, all on one machine. `-parallelism=10` unless said.\n",
		b.started.Format(time.DateOnly), b.cpu, b.cliVersion, b.kratos)
	if len(t.rows) > 0 {
		b.printRows(w, t.rows)
	}
	isInOne := func(r compared) bool { return r.inOne }
	if rows := slices.DeleteFunc(slices.Clone(t.compared), isInOne); len(rows) > 0 {
		fmt.Fprintf(w, "\n%d identities, this provider (ours) and a plain one, interleaved, %s.", b.comparedSize,
			medians(b.comparedRuns))
		printCompared(w, "plain", rows)
	}
	if rows := slices.DeleteFunc(t.compared, func(r compared) bool { return !r.inOne }); len(rows) > 0 {
		fmt.Fprintf(w, "\n%d identities, in one `ory_identities` (ours) and in one `ory_identity` each, interleaved, %s.",
			b.size, medians(b.runs))
		printCompared(w, "each", rows)
	}
	if len(t.bulk) > 0 {
		b.printBulk(w, t.bulk)
	}
	if len(t.passwords) > 0 {
		fmt.Fprintf(w, "\n| %d identities with | Server's bcrypt cost | Apply | Plan without changes |\n"+
			"|---|---|---|---|\n", b.passwords)
	}
	for _, r := range t.passwords {
		fmt.Fprintf(w, "| %s | %d | %s | %s |\n", r.title, r.cost, seconds(r.apply.Wall), seconds(r.plan.Wall))
	}
	if len(t.memory) > 0 {
		fmt.Fprintf(w, "\n| First plan of %d | Wall | Provider's peak RSS |\n|---|---|---|\n", b.memorySize)
	}
	for _, r := range t.memory {
		fmt.Fprintf(w, "| %s | %s | %s |\n", r.title, seconds(r.Wall), megabytes(r.PeakRSS))
	}
}

func (b *bench) printRows(w io.Writer, rows []row) {
	fmt.Fprintf(w, "\n%d identities, %s. An SQLite file is as in Ory's quickstart.\n\n"+
		"| Server | Step | Batching | Wall | Requests | Refused (429) | Provider's peak RSS |\n"+
		"|---|---|---|---|---|---|---|\n",
		b.size, medians(b.runs))
	for _, r := range rows {
		for _, f := range r.modes {
			refused := f.counts.Answered(networksim.RateLimited) + f.counts.Answered(networksim.AlreadyBusy)
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %d | %s |\n",
				r.place.title, r.step, f.name, wall(r.place, f.figures), requests(f.counts), refused, megabytes(f.PeakRSS))
		}
	}
}

// printCompared has a ratio for each figure: the median of the ratios of single runs, in which the machine was as busy
// for the one provider as for the other.
func printCompared(w io.Writer, rival string, rows []compared) {
	fmt.Fprintf(w, " CPU time is that of Terraform and the provider.\n\n| State | Step | Wall: ours | %[1]s | ratio | CPU: "+
		"ours | %[1]s | ratio |\n|---|---|---|---|---|---|---|---|\n", rival)
	for _, r := range rows {
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", r.title, r.step, ratio(r.wall), ratio(r.cpu))
	}
	fmt.Fprintf(w, "\n| State | Bytes per identity: ours | %s | ratio |\n|---|---|---|---|\n", rival)
	for _, r := range rows {
		if r.step == applyStep.name && r.state.rival > 0 {
			fmt.Fprintf(w, "| %s | %d | %d | %.1f |\n",
				r.title, r.state.ours, r.state.rival, float64(r.state.ours)/float64(r.state.rival))
		}
	}
}

// ratio is three cells: the medians of both, and the median ratio.
func ratio(runs []pair[time.Duration]) string {
	type times = pair[time.Duration]
	return fmt.Sprintf("%s | %s | %.2f",
		seconds(medianOf(runs, func(p times) time.Duration { return p.ours })),
		seconds(medianOf(runs, func(p times) time.Duration { return p.rival })),
		medianOf(runs, func(p times) float64 { return float64(p.ours) / float64(p.rival) }))
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
		networksim.Create, networksim.Batch, networksim.Get, networksim.List, networksim.Patch, networksim.Put,
		networksim.Delete, networksim.Schema,
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
