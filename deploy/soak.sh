#!/bin/bash
# Many real pages through one run: the sample box's letter and telegram, again and
# again with different bytes. Prints the memory of the parent, without the engine's
# children, when 5%, 25%, 50% and all of the pages are read: all that is mapped, and
# its own, without the pages of program files that every process shares:
#   soak.sh [PAGES]   default 2000
# Fails if it grew by more than 20 MB after the first quarter, or passed 150 MB,
# or if a page was not published.
set -euo pipefail
cd "$(dirname "$0")/.."
pages=${1:-2000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
deploy/many-pages.sh "$pages" "$work/in"
bin/nightshift run "$work/in" --out "$work/out" --data "$work/data" >"$work/log" 2>&1 &
run=$!
marks=$(awk "BEGIN{print int($pages*0.05), int($pages*0.25), int($pages*0.5), $pages}")
early=0 last=0
for mark in $marks; do
	read=0
	while [ "$read" -lt "$mark" ] && kill -0 $run 2>/dev/null; do
		sleep 0.5
		last=$(awk '/^VmRSS/ {print int($2/1024)}' /proc/$run/status 2>/dev/null || true)
		own=$(awk '/^RssAnon/ {print int($2/1024)}' /proc/$run/status 2>/dev/null || true)
		read=$(sed -n 's/^\([0-9]*\) of [0-9]* pages read.*/\1/p' "$work/log" | tail -1)
		read=${read:-0}
	done
	kill -0 $run 2>/dev/null || break
	echo "$mark pages read: parent ${last:-0} MB, ${own:-0} of them its own"
	[ "$early" -gt 0 ] || [ "$mark" -lt $((pages / 4)) ] || early=$last
done
code=0
wait $run || code=$?
tail -1 "$work/log"
published=$(find "$work/out" -name record-1.json | wc -l)
echo "$published of $pages published, exit status $code"
[ "$code" = 0 ] && [ "$published" = "$pages" ] || exit 1
[ $((${last:-0} - early)) -le 20 ] && [ "${last:-0}" -le 150 ] || { echo "the parent's memory grew"; exit 1; }
