#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME (30s). The inputs under testdata/fuzz are part of the unit tests too. Go writes an
# input that fails to testdata/fuzz: commit it together with the correction.
set -euo pipefail

cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# fuzz PACKAGE TARGET: one run of one target.
fuzz() {
	echo "--- $2, $1"
	env -u TF_ACC go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "${FUZZTIME:-30s}" 2>&1 </dev/null | tee "$log"
}

# On a busy machine Go ends a target at the end of its time with "context deadline exceeded" and no failing input
# (golang/go#75804). Such a run says nothing, so that it is repeated, once. Every other failure counts.
says_nothing() {
	grep -q '^ *context deadline exceeded$' "$log" && ! grep -q 'Failing input written' "$log"
}

grep -rlE '^func Fuzz' --include='*_test.go' internal | sort | while read -r file; do
	sed -nE 's/^func (Fuzz[A-Za-z]+)\(.*/\1/p' "$file" | while read -r target; do
		package="./$(dirname "$file")"
		if ! fuzz "$package" "$target"; then
			says_nothing || exit 1
			fuzz "$package" "$target" || exit 1
		fi
	done
done
