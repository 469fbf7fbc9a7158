#!/bin/bash
# Reads the same pages four ways, one after the other, and prints wall time,
# processor time, memory and, where the truth lies beside the pages, error rates:
#   bench.sh [DIR]   page images (jpg, png, tif); default ../shared/scans/typed, else the sample box
# Needs Debian's parallel, ocrmypdf, time and, for error rates, python3-levenshtein.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${NIGHTSHIFT_SHARED:-../shared}
dir=${1:-$shared/scans/typed}
[ -d "$dir" ] || dir=testdata/samplebox
for t in parallel ocrmypdf tesseract /usr/bin/time; do
	command -v "$t" >/dev/null || { echo "bench needs $t: apt-get install parallel ocrmypdf tesseract-ocr time" >&2; exit 4; }
done
cores=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in" "$work/bare" "$work/parallel" "$work/ours"
find "$dir" -type f \( -iname '*.jpg' -o -iname '*.png' -o -iname '*.tif' \) -exec cp {} "$work/in/" \;
pages=$(ls "$work/in" | wc -l)
[ "$pages" -gt 0 ] || { echo "no page images in $dir" >&2; exit 6; }
find "$work/in" -type f | sort >"$work/list"
echo "$pages page files of $dir, $cores cores, load $(cut -d' ' -f1 /proc/loadavg)"

declare -A wall cpu
row() { # name, folder of texts or -, command...
	local name=$1 texts=$2 rate=
	shift 2
	/usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/log" 2>&1 || { echo "$name failed:"; tail -3 "$work/log"; return; }
	read -r e u s m <"$work/time"
	wall[$name]=$e cpu[$name]=$(awk "BEGIN{print $u+$s}")
	if [ "$texts" != - ] && [ -f "$shared/eval/cer.py" ] && ls "$dir"/*.gt.txt >/dev/null 2>&1; then
		rate=$(/usr/bin/python3 "$shared/eval/cer.py" "$dir" "$texts" | sed 's/.*\(truthCER.*\) recall.*/\1/')
	fi
	printf '%-34s wall %7.1f s  cpu %7.1f s  memory of the largest process %5d MB  %6.1f pages/min  %s\n' "$name" "$e" "${cpu[$name]}" $((m / 1024)) "$(awk "BEGIN{print 60*$pages/$e}")" "$rate"
}
export work
bare() { OMP_THREAD_LIMIT=1 tesseract "$work/list" "$work/bare/all" hocr; }
stock() { parallel -j "$cores" "tesseract {} $work/parallel/{/.} hocr txt" <"$work/list"; }
ocrpdf() { parallel -j 1 "ocrmypdf -q -j $cores --image-dpi 300 {} $work/{/.}.pdf" <"$work/list"; }
export -f bare stock ocrpdf
export cores
row "bare loop, one process" - bash -c bare
OMP_THREAD_LIMIT=1 row "parallel tesseract, one thread each" "$work/parallel" bash -c stock
row "parallel tesseract, as it comes" "$work/parallel" bash -c stock
row "ocrmypdf" - bash -c ocrpdf
ours() { # name, flags
	local name=$1
	shift
	row "$name" - bin/nightshift run "$work/in" --out "$work/out-${name// /-}" "$@"
	local out=$work/out-${name// /-}
	[ -d "$out" ] && python3 - "$out" "$work/ours" <<'P'
import json, os, sys
out, texts = sys.argv[1:]
for d, _, names in os.walk(out):
    if 'structure.json' in names and 'read.txt' in names:
        pages = open(os.path.join(d, 'read.txt'), encoding='utf-8').read().split('\f')
        rec = json.load(open(os.path.join(d, 'record-1.json'))) if 'record-1.json' in names else {}
        base = os.path.basename(d)
        for i, p in enumerate(pages):
            open(os.path.join(texts, '%s_%02d.txt' % (base, i + 1)), 'w', encoding='utf-8').write(p)
            if len(pages) == 1:
                open(os.path.join(texts, base + '.txt'), 'w', encoding='utf-8').write(p)
P
	if ls "$dir"/*.gt.txt >/dev/null 2>&1 && [ -f "$shared/eval/cer.py" ]; then
		echo "  its error rates: $(/usr/bin/python3 "$shared/eval/cer.py" "$dir" "$work/ours")"
	fi
}
ours "nightshift"
ours "nightshift, each line read once" --read-again -1
for n in "nightshift, each line read once" "parallel tesseract, one thread each" "parallel tesseract, as it comes" ocrmypdf "bare loop, one process"; do
	[ -n "${wall[$n]:-}" ] && [ -n "${wall[nightshift]:-}" ] &&
		awk "BEGIN{printf \"nightshift against %-38s wall x %.2f  cpu x %.2f\n\", \"$n\", ${wall[nightshift]}/${wall[$n]}, ${cpu[nightshift]}/${cpu[$n]}}"
done
