package loadtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// watchPeak watches the child processes of parent that run an executable. The returned function stops the watch and
// returns the largest resident memory of a single child.
func watchPeak(parent int, executable string) (peak func() int64) {
	if path, err := filepath.EvalSymlinks(executable); err == nil {
		executable = path
	}
	stop, result := make(chan struct{}), make(chan int64)
	go func() {
		// A process reports its own peak, so only the peak of its last moment may be missed.
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		var most int64
		for {
			select {
			case <-stop:
				result <- most
				return
			case <-ticker.C:
				for _, child := range children(parent) {
					if path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", child)); err == nil && path == executable {
						most = max(most, highWater(child))
					}
				}
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-result
	}
}

// children returns the processes that any thread of a process has started, without those that end during the call.
func children(parent int) []int {
	lists, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	if err != nil {
		return nil
	}
	var pids []int
	for _, list := range lists {
		content, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for _, field := range strings.Fields(string(content)) {
			if pid, err := strconv.Atoi(field); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// highWater returns the peak resident memory of a process in bytes, or 0 if the process has ended.
func highWater(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			if err != nil {
				return 0
			}
			return kilobytes << 10
		}
	}
	return 0
}
