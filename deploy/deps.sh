#!/bin/sh
# Installs what building needs from Debian, if it is not there: a C compiler,
# Tesseract with English, leptonica, the decoders of HEIF, JPEG XL, DjVu and
# JPEG 2000, and their headers.
set -eu
missing=
need() { # file-or-command package
	case $1 in
	/*) [ -e "$1" ] || missing="$missing $2" ;;
	*) command -v "$1" >/dev/null 2>&1 || missing="$missing $2" ;;
	esac
}
need gcc gcc
need g++ g++
need pkg-config pkg-config
need /usr/include/tesseract/baseapi.h libtesseract-dev
need /usr/include/leptonica/allheaders.h libleptonica-dev
command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libtiff-4 || missing="$missing libtiff-dev"
command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libheif || missing="$missing libheif-dev"
command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libjxl || missing="$missing libjxl-dev"
command -v pkg-config >/dev/null 2>&1 && pkg-config --exists ddjvuapi || missing="$missing libdjvulibre-dev"
command -v pkg-config >/dev/null 2>&1 && pkg-config --exists libopenjp2 || missing="$missing libopenjp2-7-dev"
need tesseract tesseract-ocr
ls /usr/share/tesseract-ocr/*/tessdata/eng.traineddata >/dev/null 2>&1 || missing="$missing tesseract-ocr-eng"
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null 2>&1; then
	echo "nightshift needs:$missing (Debian names); install them with your package manager" >&2
	exit 1
fi
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
echo "installing$missing" >&2
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
