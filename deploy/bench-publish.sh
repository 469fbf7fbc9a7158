#!/bin/bash
# How fast records are published, without renditions and with each set of them, and
# how large each rendition is per page:
#   bench-publish.sh [PAGES]   default 200
# Pages are the sample box's letter and telegram with ever different bytes, an item
# each, and the typed pages of ../shared where they are. They are read once, then
# published again and again, since other renditions publish anew without reading. A
# run in which nothing changes tells what a run takes by itself; that is taken off.
set -euo pipefail
cd "$(dirname "$0")/.."
pages=${1:-200}
typed=${NIGHTSHIFT_SHARED:-../shared}/scans/typed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
deploy/many-pages.sh "$pages" "$work/in"
[ ! -d "$typed" ] || { mkdir "$work/in/typed" && cp "$typed"/*.jpg "$work/in/typed/"; }
pages=$(find "$work/in" -name '*.jpg' | wc -l)
took() { # renditions: seconds of a run with them
	local begin=$EPOCHREALTIME code=0
	bin/nightshift run "$work/in" --out "$work/out" --data "$work/data" --renditions "$1" >"$work/log" 2>&1 || code=$?
	[ "$code" = 0 ] || { tail -3 "$work/log" >&2; exit 1; }
	awk "BEGIN{printf \"%.2f\", $EPOCHREALTIME - $begin}"
}
reading=$(took alto)
idle=$(took alto)
echo "$pages pages in $(find "$work/out" -name structure.json | wc -l) items, $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg); read and published first in $reading s; a run with nothing to do takes $idle s"
for renditions in none alto,hocr,tei,annotations,iiif,mets all none; do
	t=$(took "$renditions")
	awk "BEGIN{printf \"%-36s %6.1f s  %6.1f pages/s\n\", \"$renditions\", $t - $idle, $pages / ($t - $idle)}"
	[ "$renditions" != all ] || size=$(/usr/bin/python3 - "$work/out" "$pages" <<'P'
import collections, os, sys
out, pages = sys.argv[1], int(sys.argv[2])
size = collections.Counter()
for d, _, names in os.walk(out):
    if '.nightshift' in d or d == out: continue
    for n in names:
        kind = os.path.basename(d) if os.path.basename(d) in ('alto', 'hocr') else 'record' if n.startswith('record-') else n
        size[kind] += os.path.getsize(os.path.join(d, n))
for kind, n in size.most_common():
    print('%-20s %8.1f KB a page' % (kind, n / 1000 / pages))
P
)
done
echo "$size"
