package loadtest

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

// watchPeak measures a child of this process, and ignores children that run other executables.
func TestWatchPeak(t *testing.T) {
	t.Parallel()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Skip("no sleep to watch: ", err)
	}
	watched, other := watchPeak(os.Getpid(), sleep), watchPeak(os.Getpid(), "/no/such/executable")
	cmd := exec.CommandContext(t.Context(), sleep, "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	if peak := watched(); peak < 100<<10 || peak > 100<<20 {
		t.Errorf("sleep had %d bytes resident at most", peak)
	}
	if peak := other(); peak != 0 {
		t.Errorf("an executable that doesn't run had %d bytes", peak)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait() // it was killed
}
