#!/bin/sh
# Installs a bag validator that others wrote, npm's bagit-tools, into the folder
# named: for tests, and not needed to run Nightshift. Neither Debian nor the Go proxy
# has one. Its package asks for a collection of sample bags by an address of its
# own, which npm cannot give and checking a bag does not use: that line goes. Its
# checks are written with tape, which it counts among what only developers need.
set -eu
to=$1
version=0.0.0
[ ! -e "$to/node_modules/tape" ] || exit 0
command -v npm >/dev/null || "$(dirname "$0")/apt.sh" npm
fetch=$(cd "$(dirname "$0")" && pwd)/npm-fetch.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
(
	cd "$dir"
	"$fetch" bagit-tools "$version" ABpzSx+ZfHAGJqPIMmOAYJHP40lfe1FtlFK2L+gn/t3bL1+15zKhIyi4zBeecXq7EjTzb++i4KRgcYgWdFwoeQ==
	cd package
	npm pkg delete dependencies.bagit-conformance-suite devDependencies
	npm install --silent --no-audit --no-fund tape@4.17.0 >/dev/null
)
rm -rf "$to"
mkdir -p "$(dirname "$to")"
mv "$dir/package" "$to"
