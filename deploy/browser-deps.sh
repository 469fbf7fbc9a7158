#!/bin/sh
# Installs what the console's browser tests use: Chromium from Debian and, with
# an argument, the accessibility checker axe-core from npm at that path. Neither
# is needed to run Nightshift.
set -eu
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }
install() {
	as_root apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
command -v chromium >/dev/null || install chromium
[ $# -gt 0 ] || exit 0
command -v npm >/dev/null || install npm
version=$(basename "$1" .min.js)
version=${version#axe-}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
fetch=$(cd "$(dirname "$0")" && pwd)/npm-fetch.sh
(cd "$dir" && "$fetch" axe-core "$version" FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==) # of 4.14.1, as the Makefile asks
mkdir -p "$(dirname "$1")"
mv "$dir/package/axe.min.js" "$1"
