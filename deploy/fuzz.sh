#!/bin/sh
# Runs every fuzz target for the given time (default 10s). All are run; the exit
# code says whether one failed.
#
# Minimising what is merely interesting would take all of a short time: it is bounded.
#
# Go before 1.27 now and then ends a target with nothing but "context deadline
# exceeded" when the time is up (a race of its coordinator, golang/go#75804). Such
# an end, and only one that wrote no failing input, is run again, twice at most.
set -eu
time=${1:-10s}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
race() {
	grep -qx '    context deadline exceeded' "$log" && ! grep -qE 'Failing input|panic:|hung or terminated|_test\.go:' "$log"
}
fuzz() { # folder, target
	for try in 1 2 3; do
		echo "fuzz $1 $2 $time"
		go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 50x </dev/null >"$log" 2>&1 && { tail -1 "$log"; return; }
		cat "$log"
		race || return 1
		echo "ended by Go's own race ($try); again"
	done
	return 1
}
failed=0
for dir in $(grep -rlE '^func Fuzz[A-Z]' --include='*_test.go' . | xargs -n1 dirname | sort -u); do
	for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go | sed 's/func //' | sort -u); do
		fuzz "$dir" "$target" || { failed=$((failed + 1)); echo "FAILED: $dir $target"; }
	done
done
[ "$failed" -eq 0 ]
