//go:build unix && !linux

package loadtest

// watchPeak has no way to tell here.
func watchPeak(int, string) (peak func() int64) { return func() int64 { return 0 } }
