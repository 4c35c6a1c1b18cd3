#!/usr/bin/env bash
# Runs every fuzz target for FUZZTIME (30s). The inputs under testdata/fuzz are part of the unit tests too. Go writes an
# input that fails to testdata/fuzz: commit it together with the correction.
set -euo pipefail

cd "$(dirname "$0")/.."
grep -rlE '^func Fuzz' --include='*_test.go' internal | sort | while read -r file; do
	sed -nE 's/^func (Fuzz[A-Za-z]+)\(.*/\1/p' "$file" | while read -r target; do
		echo "--- $target, ./$(dirname "$file")"
		env -u TF_ACC go test "./$(dirname "$file")" -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-30s}"
	done
done
