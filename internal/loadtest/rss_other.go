//go:build unix && !linux

package loadtest

// watchPeak returns 0, because only Linux has an implementation.
func watchPeak(int, string) (peak func() int64) { return func() int64 { return 0 } }
