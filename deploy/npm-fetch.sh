#!/bin/sh
# npm-fetch.sh PACKAGE VERSION SHA512: fetches an npm package into the working folder, by
# version, and unpacks it into package/ if its digest is the one given; what npm
# itself is told of a package's digest comes from where the package does.
set -eu
package=$1 version=$2 want=$3
file=$(npm pack --silent "$package@$version" 2>/dev/null | tail -1)
[ -f "$file" ] || { echo "npm cannot fetch $package@$version" >&2; exit 1; }
got=$(openssl dgst -sha512 -binary "$file" | base64 -w0)
size=$(wc -c <"$file")
[ "$got" = "$want" ] || { echo "$package@$version is not the one expected: $size bytes, sha512-$got" >&2; exit 2; }
tar -xzf "$file"
