//go:build unix

package loadtest

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// Settings reads numbers from the environment, for make bench and make soak, and collects the errors in them.
type Settings struct {
	problems []error
}

// Int reads a whole number.
func (s *Settings) Int(name string, value, least int) int {
	return setting(s, name, value, least, strconv.Atoi)
}

// Float reads a number.
func (s *Settings) Float(name string, value, least float64) float64 {
	return setting(s, name, value, least, func(text string) (float64, error) { return strconv.ParseFloat(text, 64) })
}

// Duration reads a duration such as 90m.
func (s *Settings) Duration(name string, value time.Duration) time.Duration {
	return setting(s, name, value, 0, time.ParseDuration)
}

// Err returns the errors in the settings.
func (s *Settings) Err() error { return errors.Join(s.problems...) }

func setting[T cmp.Ordered](s *Settings, name string, value, least T, parse func(string) (T, error)) T {
	if text := os.Getenv(name); text != "" {
		var err error
		if value, err = parse(text); err != nil {
			s.problems = append(s.problems, fmt.Errorf("%s: %w", name, err))
		}
	}
	if value < least {
		s.problems = append(s.problems, fmt.Errorf("%s must not be less than %v", name, least))
	}
	return value
}
