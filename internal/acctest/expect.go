package acctest

import "strings"

// ExpectFailure runs a command that must fail and whose output must have all of want, line breaks and frames aside.
func (w *Workspace) ExpectFailure(want []string, args ...string) {
	w.t.Helper()
	output, code := w.Try(args...)
	if code == 0 {
		w.t.Fatalf("%v succeeded:\n%s", args, output)
	}
	text := Unwrapped(output)
	for _, words := range want {
		if !strings.Contains(text, Unwrapped(words)) {
			w.t.Errorf("%v doesn't say %q:\n%s", args, words, output)
		}
	}
}
