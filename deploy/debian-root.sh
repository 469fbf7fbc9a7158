#!/bin/sh
# debian-root.sh DIR: a minimal Debian of this machine's release in DIR. It is
# made once with debootstrap and kept below .tools.
set -eu
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
kept=$(dirname "$(realpath "$0")")/../.tools/debian-$release.tar
if [ ! -e "$kept" ]; then
	fresh=$(mktemp -d)
	debootstrap --variant=minbase --include=ca-certificates "$release" "$fresh" "$(apt-get indextargets --format '$(SITE)' "Created-By: Packages" | sort | uniq -c | sort -rn | awk 'NR == 1 { print $2 }')" >&2
	mkdir -p "$(dirname "$kept")"
	tar -C "$fresh" --one-file-system -cf "$kept.new" .
	mv "$kept.new" "$kept"
	rm -rf "$fresh"
fi
mkdir -p "$1"
tar -C "$1" -xpf "$kept"
chmod 755 "$1" # not mktemp's: the root is for every user
# The machine's own way to packages: sources, proxies, authorities.
cp /etc/resolv.conf "$1/etc/resolv.conf"
