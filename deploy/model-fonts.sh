#!/bin/sh
# Puts the faces that training lines are drawn in (package model/draw) into a
# folder: DIR/typewriter and DIR/print. They come from Debian's packages, which
# are fetched and unpacked but not installed, and from npm. Both check what they
# fetch; a package that cannot be had is told and the faces of the others serve,
# so that drawing is the same only between machines that have the same folder.
set -eu
dir=${1:?usage: model-fonts.sh DIR}
done=$dir/.complete
[ -f "$done" ] && exit 0
mkdir -p "$dir/typewriter" "$dir/print"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
chmod 755 "$tmp" # apt's fetcher writes there as another user
whole=yes
without() { echo "no faces of $1: it cannot be fetched" >&2; whole=no; }

# from PLACE KIND FILE...: copies the faces found under PLACE, whatever their folders
from() {
	place=$1 kind=$2
	shift 2
	for f in "$@"; do
		find "$place" -name "$f" -type f -exec cp {} "$dir/$kind/" \;
	done
}
debian() { # PACKAGE KIND FILE...
	package=$1
	shift
	(cd "$tmp" && apt-get download -qq "$package" >/dev/null 2>&1 && dpkg-deb -x "$package"_*.deb "$tmp/$package") || { without "$package"; return 0; }
	from "$tmp/$package" "$@"
}
npm_faces() { # PACKAGE@VERSION KIND FILE...
	package=$1
	shift
	mkdir -p "$tmp/npm"
	rm -rf "$tmp/npm"/*
	(cd "$tmp/npm" && npm pack --silent "$package" >/dev/null 2>&1 && tar -xzf ./*.tgz) || { without "$package"; return 0; }
	from "$tmp/npm" "$@"
}
apt-cache show fonts-gnutypewriter >/dev/null 2>&1 || apt-get update -qq || true

debian fonts-gnutypewriter typewriter GNUTypewriter.ttf
debian fonts-tlwg-typewriter-ttf typewriter TlwgTypewriter.ttf TlwgTypewriter-Bold.ttf
debian fonts-tlwg-typist-ttf typewriter TlwgTypist.ttf TlwgTypist-Bold.ttf
debian fonts-cmu typewriter cmuntt.ttf cmuntb.ttf cmuntt.otf cmuntb.otf
debian fonts-freefont-otf typewriter FreeMono.otf FreeMonoBold.otf
from "$tmp/fonts-freefont-otf" print FreeSerif.otf FreeSerifBold.otf FreeSerifItalic.otf
debian fonts-urw-base35 typewriter NimbusMonoPS-Regular.otf NimbusMonoPS-Bold.otf
from "$tmp/fonts-urw-base35" print 'NimbusRoman-*.otf' 'C059-*.otf' 'P052-*.otf' 'URWBookman-*.otf' NimbusSans-Regular.otf NimbusSans-Bold.otf
debian fonts-oldstandard print 'OldStandard*.otf' 'OldStandard*.ttf'
debian fonts-liberation print 'LiberationSerif-*.ttf' LiberationSans-Regular.ttf LiberationSans-Bold.ttf
npm_faces @expo-google-fonts/special-elite@0.4.1 typewriter SpecialElite_400Regular.ttf
npm_faces @expo-google-fonts/cutive-mono@0.4.1 typewriter CutiveMono_400Regular.ttf
npm_faces @expo-google-fonts/courier-prime@0.4.1 typewriter CourierPrime_400Regular.ttf CourierPrime_700Bold.ttf
npm_faces @expo-google-fonts/libre-baskerville@0.4.3 print LibreBaskerville_400Regular.ttf LibreBaskerville_400Regular_Italic.ttf LibreBaskerville_700Bold.ttf

[ "$(find "$dir/typewriter" -type f | wc -l)" -ge 4 ] || { echo "too few typewriter faces in $dir to draw lines with" >&2; exit 1; }
[ "$(find "$dir/print" -type f | wc -l)" -ge 4 ] || { echo "too few printed faces in $dir to draw lines with" >&2; exit 1; }
[ "$whole" = no ] || touch "$done"
