#!/bin/sh
# build.sh BIN VERSION OUT: a Debian package of the programs in BIN, for the
# machine's own architecture and release. Needs dpkg-dev.
set -eu
bin=$(realpath "$1") version=$2 out=$(realpath -m "$3")
here=$(dirname "$(realpath "$0")")
deploy=$(dirname "$here")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
# Debian versions begin with a digit and hold no dash that says nothing.
case $version in [0-9]*.*) ;; *) version=0~$version ;; esac
version=$(printf %s "$version" | tr - .)

programs="nightshift ocr-worker structurer publisher"
chmod 755 "$root"
for p in $programs; do
	install -D -m 755 "$bin/$p" "$root/usr/bin/$p"
	mkdir -p "$root/usr/share/man/man1"
	"$here/man.sh" "$bin/$p" "$version" | gzip -9n >"$root/usr/share/man/man1/$p.1.gz"
done
strip --strip-unneeded "$root"/usr/bin/*
for unit in "$deploy"/systemd/*.service; do
	install -D -m 644 "$unit" "$root/lib/systemd/system/$(basename "$unit")"
done
install -D -m 644 "$here/sysusers.conf" "$root/usr/lib/sysusers.d/nightshift.conf"
install -D -m 644 "$here/nightshift.env" "$root/etc/nightshift/nightshift.env"
install -D -m 644 "$here/services.env" "$root/etc/nightshift/services.env"
for f in README.md CHANGELOG.md; do install -D -m 644 "$deploy/../$f" "$root/usr/share/doc/nightshift/$f"; done
install -D -m 644 "$deploy/RUNBOOK.md" "$root/usr/share/doc/nightshift/RUNBOOK.md"
mkdir -p "$root/usr/share/nightshift"
cp -r "$deploy/nats" "$deploy/minio" "$root/usr/share/nightshift/"

mkdir -p "$root/DEBIAN" "$root/debian"
: >"$root/debian/control"
libs=$(cd "$root" && dpkg-shlibdeps -O --ignore-missing-info usr/bin/* 2>/dev/null | sed 's/^shlibs:Depends=//')
rm -r "$root/debian"
[ -n "$libs" ] || { echo "build.sh: dpkg-shlibdeps names no libraries" >&2; exit 1; }
cat >"$root/DEBIAN/control" <<CONTROL
Package: nightshift
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: Nightshift <nightshift@localhost>
Depends: $libs, tesseract-ocr, tesseract-ocr-eng, ca-certificates, systemd | systemd-standalone-sysusers
Section: graphics
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Description: unattended ingestion of scanned archives
 Turns boxes of scanned memos into clean, structured records while the archive
 is closed: OCR, structure, cleaning, publishing, and a morning report.
CONTROL
printf '/etc/nightshift/nightshift.env\n/etc/nightshift/services.env\n' >"$root/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "$here/$script" "$root/DEBIAN/$script"; done
mkdir -p "$out"
rm -f "$out"/nightshift_*.deb
dpkg-deb --root-owner-group -Zzstd -z9 --build "$root" "$out/nightshift_${version}_$(dpkg --print-architecture).deb"
