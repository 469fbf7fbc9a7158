#!/bin/bash
# Reads the same pages in several ways, one after the other, and prints wall time,
# processor time, memory and, where the truth lies beside the pages, error rates;
# then the ratios that docs/reading.md speaks of:
#   bench.sh [DIR]   page images (jpg, png, tif); default ../shared/scans/typed, else the sample box
#   CHEAP=1          leaves out the two ways that take longest (Tesseract with its own threads, OCRmyPDF)
# Needs Debian's parallel, ocrmypdf, img2pdf, time and, for error rates, python3-levenshtein.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${NIGHTSHIFT_SHARED:-../shared}
dir=${1:-$shared/scans/typed}
[ -d "$dir" ] || dir=testdata/samplebox
for t in parallel tesseract /usr/bin/time; do
	command -v "$t" >/dev/null || { echo "bench needs $t: apt-get install parallel tesseract-ocr time" >&2; exit 4; }
done
if ! command -v ocrmypdf >/dev/null || ! command -v img2pdf >/dev/null; then
	echo "no ocrmypdf or img2pdf here: that way is left out (apt-get install ocrmypdf img2pdf)"
	noocrmypdf=1
fi
cores=$(nproc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/in" "$work/parallel"
find "$dir" -type f \( -iname '*.jpg' -o -iname '*.png' -o -iname '*.tif' \) -exec cp {} "$work/in/" \;
pages=$(find "$work/in" -type f | wc -l)
[ "$pages" -gt 0 ] || { echo "no page images in $dir" >&2; exit 6; }
find "$work/in" -type f | sort >"$work/list"
go build -o "$work/readdir" ./pipeline/ocr/internal/readdir
# One file for OCRmyPDF, whose processes share the pages of a file among them.
[ -n "${noocrmypdf:-}" ] || xargs -d '\n' img2pdf --imgsize 300dpix300dpi -o "$work/all.pdf" <"$work/list" 2>/dev/null
echo "$pages page files of $dir, $cores cores, load $(cut -d' ' -f1 /proc/loadavg)"

declare -A wall cpu
row() { # name, folder of texts or -, command...
	local name=$1 texts=$2 rate=
	shift 2
	/usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/log" 2>&1 || { case $? in 3 | 12) true ;; *) false ;; esac || { echo "$name failed:"; tail -3 "$work/log"; return; }; }
	read -r e u s m < <(tail -1 "$work/time")
	wall[$name]=$e cpu[$name]=$(awk "BEGIN{print $u+$s}")
	[ "$texts" = - ] || rate=$(rates "$texts")
	printf '%-36s wall %7.1f s  cpu %7.1f s  largest process %4d MB  %6.1f pages/min  %s\n' "$name" "$e" "${cpu[$name]}" $((m / 1024)) "$(awk "BEGIN{print 60*$pages/$e}")" "$rate"
}
rates() { # folder of texts
	if [ -f "$shared/eval/cer.py" ] && ls "$dir"/*.gt.txt >/dev/null 2>&1; then
		/usr/bin/python3 "$shared/eval/cer.py" "$dir" "$1" | sed 's/.*\(truthCER.*\) recall.*/\1/'
	fi
}
bare() { # name, flags: recognition alone, its processor time taken inside the engine's calls
	local name=$1
	shift
	OMP_THREAD_LIMIT=1 row "$name" - "$work/readdir" -bare "$tessdata" "$@" "$work/in/*"
	cpu[$name]=$(sed -n 's/.* pages, \(.*\) s in the engine/\1/p' "$work/log")
	echo "  in the engine's calls alone: ${cpu[$name]} s"
}
ours() { # name, flags: from an empty data directory to files
	local name=$1 out=$work/out texts=$work/texts
	shift
	rm -rf "$out" "$texts"
	mkdir "$texts"
	row "$name" - bin/nightshift run "$work/in" --out "$out" --data "$work/data-${name// /-}" "$@"
	/usr/bin/python3 - "$out" "$texts" <<'P'
import json, os, sys
out, texts = sys.argv[1:]
for d, _, names in os.walk(out):
    if 'read.txt' not in names: continue
    read = open(os.path.join(d, 'read.txt'), encoding='utf-8').read().split('\f')
    for n in names:
        if n.startswith('record-'):
            for p in json.load(open(os.path.join(d, n)))['source']['pages']:
                base = os.path.splitext(os.path.basename(p['scan']))[0]
                open(os.path.join(texts, base + '.txt'), 'w', encoding='utf-8').write(read[p['page'] - 1])
P
	echo "  its error rates: $(rates "$texts")"
}
stock() { parallel -j "$cores" "tesseract {} $work/parallel/{/.} hocr txt" <"$work/list"; }
export -f stock
export cores work
tessdata=$(dirname "$(ls /usr/share/tesseract-ocr/*/tessdata/eng.traineddata | head -1)")

ours "nightshift"
ours "nightshift, each page read once" --read-again -1
bare "bare loop"
bare "bare loop, each page read once" -read-again -1
OMP_THREAD_LIMIT=1 row "parallel tesseract, one thread each" "$work/parallel" bash -c stock
if [ -z "${CHEAP:-}" ]; then
	row "parallel tesseract, as it comes" "$work/parallel" bash -c stock
	[ -n "${noocrmypdf:-}" ] || row "ocrmypdf" - ocrmypdf -q -j "$cores" "$work/all.pdf" "$work/ocrmypdf.pdf"
fi
ratio() { # ours, other, which, target
	local -n of=$3
	[ -z "${of[$1]:-}" ] || [ -z "${of[$2]:-}" ] ||
		awk "BEGIN{printf \"%-32s against %-36s %-4s x %.2f  %s\n\", \"$1\", \"$2\", \"$3\", ${of[$1]}/${of[$2]}, \"$4\"}"
}
for n in "nightshift" "nightshift, each line read once"; do
	ratio "$n" "parallel tesseract, one thread each" wall "target 1.0, 0.85 the aim"
	ratio "$n" "parallel tesseract, as it comes" wall "target 1.0, 0.85 the aim"
	ratio "$n" ocrmypdf wall "target 0.45"
	ratio "$n" "${n/nightshift/bare loop}" cpu "target 1.10"
done
