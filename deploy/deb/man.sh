#!/bin/sh
# man.sh PROGRAM VERSION: a man page made of what the program says of itself, so
# that the two never differ.
set -eu
program=$1 version=$2
name=$(basename "$program")
roff() { sed -e 's/\\/\\\\/g' -e 's/^\([.'"'"']\)/\\\&\1/' -e 's/-/\\-/g'; }
verbatim() { printf '.nf\n'; roff; printf '.fi\n'; }

printf '.TH %s 1 "" "nightshift %s"\n.SH NAME\n' "$(echo "$name" | tr a-z A-Z | sed 's/-/\\-/g')" "$version"
case $name in
nightshift)
	printf 'nightshift \\- turn boxes of scanned memos into clean, structured records\n.SH SYNOPSIS\nnightshift COMMAND [flags]\n.SH COMMANDS\n'
	"$program" help | verbatim
	"$program" help | sed -n 's/^  nightshift \([a-z]*\) .*/\1/p' | while read -r command; do
		[ "$command" != version ] || continue
		printf '.SH nightshift %s\n' "$command"
		"$program" "$command" --help 2>&1 | verbatim
	done
	printf '.SH EXIT STATUS\n'
	sed -n '/^## Exit codes/,/^## /s/^| \([0-9][0-9]*\) | \(.*\) |$/.TP\n.B \1\n\2/p' "$(dirname "$0")/../../README.md"
	;;
*)
	case $name in
	ocr-worker) what='take scans in, plan items and read pages' ;;
	structurer) what='find the structure of transcripts and texts' ;;
	publisher) what='publish records' ;;
	esac
	printf '%s \\- Nightshift: %s\n.SH DESCRIPTION\n' "$(echo "$name" | sed 's/-/\\-/g')" "$what"
	"$program" --help 2>&1 | verbatim
	;;
esac
printf '.SH FILES\n/etc/nightshift, /var/lib/nightshift\n.SH SEE ALSO\n/usr/share/doc/nightshift/RUNBOOK.md\n'
