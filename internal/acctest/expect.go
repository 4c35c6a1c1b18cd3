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

// ExpectImported fails the test unless the plan after an import is empty. Older versions of OpenTofu plan an update
// without a change if an object is sensitive. There it fails unless the plan is empty after that update.
func (w *Workspace) ExpectImported() {
	w.t.Helper()
	if !w.Has(SensitiveImports) {
		w.Run("apply", "-no-color", "-auto-approve")
	}
	w.ExpectEmptyPlan()
}
