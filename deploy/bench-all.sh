#!/bin/bash
# Runs bench.sh on three sets of pages, one after the other, and repeats the ratios at
# the end, so that one run compares them:
#   typed      ../shared/scans/typed
#   samplebox  the sample box
#   catalogue  the first transcribed page of twenty papers of ../shared/scans/catalogue
# Papers named in ../shared/eval/sealed.txt are left out. Without ../shared there is
# only the sample box. CHEAP=1 as for bench.sh. On a machine that does nothing else.
# Needs Debian's poppler-utils beside what bench.sh needs.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=$(cd "${NIGHTSHIFT_SHARED:-../shared}" 2>/dev/null && pwd) || shared=
all=$(mktemp -d)
trap 'rm -rf "$all"' EXIT
sealed() { # path below shared, without its ending
	grep -qxF -- "$1" "$shared/eval/sealed.txt" 2>/dev/null
}
typed() {
	mkdir "$all/typed"
	for f in "$shared"/scans/typed/*; do
		name=$(basename "$f")
		[ ! -f "$f" ] || sealed "scans/typed/${name%%.*}" || cp "$f" "$all/typed/"
	done
}
catalogue() {
	command -v pdftoppm >/dev/null || { echo "bench-all needs pdftoppm: apt-get install poppler-utils" >&2; exit 4; }
	mkdir "$all/catalogue"
	local last= pages=0
	for gt in "$shared"/scans/catalogue/pages/*.gt.txt; do
		page=$(basename "$gt" .gt.txt)
		name=${page%_*}
		[ "$name" != "$last" ] && ! sealed "scans/catalogue/$name" && [ -f "$shared/scans/catalogue/$name.pdf" ] || continue
		n=$((10#${page##*_}))
		pdftoppm -r 300 -png -singlefile -f "$n" -l "$n" "$shared/scans/catalogue/$name.pdf" "$all/catalogue/$page"
		cp "$gt" "$all/catalogue/"
		last=$name pages=$((pages + 1))
		[ "$pages" -lt 20 ] || break
	done
}
sets=(testdata/samplebox)
if [ -n "$shared" ]; then
	typed
	catalogue
	sets=("$all/typed" testdata/samplebox "$all/catalogue")
fi
for dir in "${sets[@]}"; do
	echo "== $(basename "$dir")"
	deploy/bench.sh "$dir" | tee "$all/$(basename "$dir").log"
done
echo "== ratios"
for dir in "${sets[@]}"; do
	sed -n "s/^\(.* against .* x .*\)/$(basename "$dir")  \1/p" "$all/$(basename "$dir").log"
done
