#!/bin/bash
# Builds Tesseract from Debian's source package for this machine's processor, without
# the threads that make it slower: the same text in about a tenth less processor
# time. Optional; nothing needs it. docs/reading.md has the figures.
#   tesseract-build.sh [DIR]   where the library goes; default /usr/local/lib/nightshift
# Use it with LD_LIBRARY_PATH=DIR, in the environment of ocr-worker or nightshift.
# The library is for processors like this one: build it where it runs. As root.
set -euo pipefail
dir=${1:-/usr/local/lib/nightshift}
here=$(cd "$(dirname "$0")" && pwd)
"$here/apt.sh" g++ make autoconf automake libtool autoconf-archive pkg-config libleptonica-dev
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. /etc/os-release
cat >"$work/sources.list" <<L
deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $VERSION_CODENAME main
L
mkdir -p "$work/lists/partial"
apt=(-o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o "Dir::State::lists=$work/lists" -o APT::Sandbox::User=root)
cd "$work"
apt-get "${apt[@]}" -q update
apt-get "${apt[@]}" -q source --download-only tesseract
tar xzf tesseract_*.orig.tar.gz
cd tesseract-*/
./autogen.sh >"$work/log"
# No contraction of floating point operations: the text must be that of Debian's build.
./configure --disable-openmp --disable-static --disable-doc --disable-graphics \
	CXXFLAGS='-O3 -march=native -flto=auto -ffp-contract=off -fno-math-errno' >>"$work/log"
make -j"${JOBS:-$(nproc)}" libtesseract.la >>"$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 1; }
mkdir -p "$dir"
cp -P .libs/libtesseract.so* "$dir/"
echo "built in $dir: LD_LIBRARY_PATH=$dir"
