#!/bin/sh
# go-release.sh GO.MOD PROGRAM...: were the programs built with the Go release that
# go.mod names, or a later one? Exit 0: all were; 1: one was not; 77: one was not, and
# the go command is kept to an older release here (GOTOOLCHAIN=local).
set -eu
mod=$1
shift
asked=$(sed -n 's/^toolchain //p' "$mod")
[ -n "$asked" ] || asked=go$(sed -n 's/^go //p' "$mod")
code=0
for program in "$@"; do
	built=$(go version "$program" | sed -n 's/.*: \(go[0-9][0-9a-z.]*\).*/\1/p')
	[ "$(printf '%s\n' "$asked" "$built" | sort -V | head -n 1)" = "$asked" ] && continue
	echo "$program was built with ${built:-no Go release}, older than $asked, which go.mod names for its fixes; build what you give to others with GOTOOLCHAIN=auto" >&2
	code=1
done
if [ $code -ne 0 ] && [ "$(go env GOTOOLCHAIN)" = local ]; then exit 77; fi
exit $code
