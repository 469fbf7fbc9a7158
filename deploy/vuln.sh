#!/bin/sh
# vuln.sh GOVULNCHECK CACHE: looks for known vulnerabilities in the code that the
# four programs reach, the standard library as of the Go release that go.mod names
# as its toolchain. Asks Go's own database, or the one that VULNDB names (a mirror
# by URL, or file:///DIR). Where Go's own cannot be reached, the newest revision of
# the module golang.org/x/vulndb, which the database is published from, is fetched
# by the module proxy and indexed below CACHE. Exit 0: none; 3: some, listed;
# 77: no database can be had, so nothing was looked at.
set -u
vulncheck=$1 cache=$2
unchecked() {
	echo "NOT CHECKED for known vulnerabilities: $1; set VULNDB to a mirror" >&2
	exit 77
}
# indexed prints the folder of the database made from the module.
indexed() {
	module=golang.org/x/vulndb
	version=$(cd / && go list -m -f '{{.Version}}' $module@latest) || return
	day=$(echo "$version" | sed -n 's/.*-\([0-9]\{4\}\)\([0-9]\{2\}\)\([0-9]\{2\}\)[0-9]\{6\}-.*/\1-\2-\3/p')
	echo "database: $module as of $day, by the module proxy" >&2
	dir=$cache/$version
	if [ ! -e "$dir/index/db.json" ]; then
		osv=$(cd / && go mod download -json $module@"$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')/data/osv
		[ -d "$osv" ] || return
		mkdir -p "$cache" && rm -rf "$dir.part"
		(cd / && go run $module/cmd/indexdb@"$version" -vulns "$osv" -out "$dir.part") >&2 || return
		mv "$dir.part" "$dir" || return
	fi
	echo "$dir"
}

db=${VULNDB:-https://vuln.go.dev}
case $db in
file://*) [ -e "${db#file://}/index/db.json" ] || unchecked "there is no database in $db" ;;
*) curl -fsS -m 20 -o /dev/null "$db/index/db.json" || {
	[ -z "${VULNDB:-}" ] || unchecked "$db cannot be reached from here"
	dir=$(mkdir -p "$cache" && cache=$(cd "$cache" && pwd) && indexed) || unchecked "neither $db nor the module proxy can be reached from here"
	db=file://$dir
} ;;
esac
asked=$(sed -n 's/^toolchain //p' go.mod)
if [ -n "$asked" ] && GOTOOLCHAIN=$asked go version >/dev/null 2>&1; then
	[ "$(go env GOVERSION)" = "$asked" ] ||
		echo "looked at with $asked, as go.mod names it; make builds with $(go env GOVERSION) here: set GOTOOLCHAIN=auto for what you give to others" >&2
	export GOTOOLCHAIN=$asked
fi
exec "$vulncheck" -db "$db" ./cmd/...
