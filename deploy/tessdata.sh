#!/bin/sh
# Puts the second English model for second readings into a folder: the
# integer form of Tesseract's "best" data, from npm, checked by its digest.
# Everything works without it, with some more errors on bad pages; so a machine
# without npm or network is told so and goes on.
set -eu
dir=${1:?usage: tessdata.sh DIR}
want=5dc5d8d640a212c9d6184921ba103b186f50e0fed9ee716c53e6b312b400d747
have() { [ -f "$dir/eng.traineddata" ] && echo "$want  $dir/eng.traineddata" | sha256sum -c --status; }
have && exit 0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
without() { echo "no second English model ($1): doubtful lines are read again with the first one" >&2; exit 0; }
command -v npm >/dev/null 2>&1 || without "npm is not installed"
(cd "$tmp" && npm pack --silent @tesseract.js-data/eng@1.0.0 >/dev/null 2>&1) || without "npm cannot fetch it"
mkdir -p "$dir"
tar -xzOf "$tmp"/*.tgz package/4.0.0_best_int/eng.traineddata.gz | gunzip >"$tmp/eng.traineddata"
mv "$tmp/eng.traineddata" "$dir/eng.traineddata"
have || { rm -f "$dir/eng.traineddata"; echo "the second English model is not the one expected: not used" >&2; exit 1; }
