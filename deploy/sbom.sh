#!/bin/sh
# sbom.sh CYCLONEDX-GOMOD BIN VERSION OUT: a bill of materials (CycloneDX, JSON) of
# each program in BIN, from the program itself: the Go modules that are linked
# into it, with versions, digests and licences. What it uses of Debian is in the
# package's Depends. Fails where a linked module is missing from it.
set -eu
tool=$1 bin=$2 version=$3 out=$4
mkdir -p "$out"
for p in nightshift ocr-worker structurer publisher; do
	"$tool" bin -json -licenses -version "$version" -output "$out/$p.cdx.json" "$bin/$p" 2>"$out/log" || { cat "$out/log"; exit 1; }
	go version -m "$bin/$p" | awk '$1 == "dep" { print $2 "@" $3 }' | sort -u >"$out/linked"
	jq -r '.components[] | .name + "@" + .version' "$out/$p.cdx.json" | sort -u >"$out/named"
	missing=$(comm -23 "$out/linked" "$out/named")
	[ -s "$out/linked" ] && [ -z "$missing" ] || { echo "$p: linked but not in its bill of materials: $missing"; exit 1; }
	echo "$out/$p.cdx.json: $(wc -l <"$out/linked") modules, $(jq '[.components[] | select(.evidence.licenses // .licenses)] | length' "$out/$p.cdx.json") with their licence"
	rm "$out/linked" "$out/named" "$out/log"
done
