#!/bin/bash
# test.sh DEB BOX NIGHTSHIFT BIN: the compose stack from nothing, by the commands
# at the top of compose.yaml, until the sample box BOX is published: the records
# must be those that the program NIGHTSHIFT makes here. Then the box again, under
# another name, while the process of every container is killed in turn. Images
# that cannot be pulled are made from Debian and the programs in BIN (nats-server,
# minio, mc) and Debian's Prometheus; Grafana has no such substitute, and only its
# files are looked at. As root; uses the Docker daemon that
# runs, or starts one for the test.
set -euo pipefail
deb=$(realpath "$1") box=$(realpath "$2") nightshift=$(realpath "$3") bin=$(realpath "$4")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d /var/tmp/nightshift-compose-XXXXXX)
export DOCKER_BUILDKIT=0
. "$here/../container/docker.sh"
project=night-$$
compose() { (cd "$work/deploy/compose" && docker-compose -p "$project" "$@"); }
if docker compose version >/dev/null 2>&1; then compose() { (cd "$work/deploy/compose" && docker compose -p "$project" "$@"); }; fi
finish() {
	code=$?
	[ "$code" -eq 0 ] || compose logs --tail 40 2>/dev/null | tail -300 || true
	compose --profile tools down -v --timeout 5 >/dev/null 2>&1 || true
	stop_docker
}
trap finish EXIT
start_docker

# The images.
base_image
mkdir "$work/context" "$work/servers"
cp "$deb" "$work/context/"
docker build -q --network host -f "$here/../container/Containerfile" -t nightshift:test "$work/context" >/dev/null
cp "$bin/nats-server" "$bin/minio" "$bin/mc" "$work/servers/"
cat >"$work/servers/Dockerfile" <<'IMAGE'
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends prometheus && rm -rf /var/lib/apt/lists/*
COPY nats-server minio mc /usr/local/bin/
IMAGE
docker build -q --network host -t servers:test "$work/servers" >/dev/null
export NIGHTSHIFT_IMAGE=nightshift:test NATS_IMAGE=servers:test MINIO_IMAGE=servers:test MC_IMAGE=servers:test PROMETHEUS_IMAGE=servers:test
echo "images made after $SECONDS s"

# The commands at the top of compose.yaml, in a copy of deploy/.
cp -r "$here/.." "$work/deploy"
cd "$work/deploy/compose"
install -d -o 999 -g 999 -m 700 keys
docker run --rm --network none -v "$PWD/keys:/keys" nightshift:test nightshift keys --out /keys --at /run/keys \
	--nats nats://nats:4222 --s3 http://minio:9000
(echo MINIO_ROOT_PASSWORD="$(openssl rand -hex 20)"; echo GRAFANA_PASSWORD="$(openssl rand -hex 12)") >.env
compose config -q
echo "a long password of the test" | compose run --rm --no-deps -T console nightshift account tester --role operator --accounts /var/lib/nightshift/accounts.json
begin=$SECONDS
compose up -d ocr-worker structurer publisher console prometheus

operator() { compose run --rm -T --no-deps "$@"; }
# settled N: N scans have ended, each once.
settled() {
	local end=$((SECONDS + 420)) said=
	until said=$(operator operator nightshift verify --json 2>/dev/null) &&
		:; [ "$(jq -r '.total.scans' <<<"$said" 2>/dev/null)" = "$1" ] && [ "$(jq -r '.total.inProgress' <<<"$said")" = 0 ]; do
		[ $SECONDS -lt $end ] || { echo "not settled: $said"; return 1; }
		sleep 2
	done
}
want=$(find "$box" -type f ! -name item.json ! -name _COMPLETE | wc -l)
mkdir -m 777 "$work/out"
ingest() { operator -v "$1:/box:ro" operator nightshift ingest /box >/dev/null; }
ingest "$box"
settled "$want"
echo "from nothing to the sample box published: $((SECONDS - begin)) s"
"$nightshift" run "$box" --out "$work/here" >/dev/null || [ $? -eq 3 ]
operator -v "$work/out:/out" operator nightshift export --out /out/records >/dev/null
diff -rq -x 'report.*' -x failures.json -x .nightshift "$work/here" "$work/out/records"

# What watches: every program is scraped, the console answers, rules are loaded.
metrics() { docker exec "$(compose ps -q prometheus)" bash -c "exec 3<>/dev/tcp/127.0.0.1/9090; printf 'GET /api/v1/$1 HTTP/1.0\r\n\r\n' >&3; sed '1,/^\r*\$/d' <&3"; }
for _ in $(seq 60); do
	up=$(metrics 'query?query=count(nightshift_build_info)' | jq -r '.data.result[0].value[1]' 2>/dev/null) || true
	[ "$up" = 3 ] && break
	sleep 1
done
[ "$up" = 3 ] || { echo "Prometheus sees $up programs, not 3"; exit 1; }
[ "$(metrics rules | jq '[.data.groups[].rules[]] | length')" -ge 5 ]
jq -e '.panels | length > 0' ../monitoring/dashboard.json >/dev/null

# Every container's process is killed in turn while the box is taken through again
# under another name; the daemon starts each anew.
mkdir -p "$work/again/second"
cp -r "$box/." "$work/again/second/"
find "$work/again/second" -type f \( -name '*.txt' -o -name '*.tif' -o -name '*.jpg' -o -name '*.png' -o -name '*.pdf' \) -exec sh -c 'printf "\n" >>"$1"' _ {} \;
begin=$SECONDS
ingest "$work/again"
for service in ocr-worker nats structurer minio publisher console prometheus ocr-worker; do
	id=$(compose ps -q "$service")
	kill -9 "$(docker inspect -f '{{.State.Pid}}' "$id")"
	for _ in $(seq 60); do
		[ "$(docker inspect -f '{{.RestartCount}}{{.State.Running}}' "$id")" != 0true ] && [ "$(docker inspect -f '{{.State.Running}}' "$id")" = true ] && break
		sleep 0.5
	done
	[ "$(docker inspect -f '{{.State.Running}}' "$id")" = true ] || { echo "$service did not come back"; exit 1; }
	sleep 3
done
settled $((2 * want))
operator operator nightshift verify --fixity || [ $? -eq 3 ]
echo "every container killed in turn; all $((2 * want)) scans ended $((SECONDS - begin)) s after the second box was put in"
for service in nats minio ocr-worker structurer publisher console prometheus; do
	[ "$(docker inspect -f '{{.RestartCount}}' "$(compose ps -q "$service")")" -ge 1 ] || { echo "$service was not killed"; exit 1; }
done
for _ in $(seq 60); do
	sick=$(docker ps --filter health=unhealthy --filter health=starting -q | wc -l)
	[ "$sick" -eq 0 ] && break
	sleep 1
done
[ "$sick" -eq 0 ] || { docker ps; echo "$sick containers are not healthy"; exit 1; }
compose stop >/dev/null
for service in ocr-worker structurer publisher console; do
	[ "$(docker inspect -f '{{.State.ExitCode}}' "$(compose ps -q "$service")")" = 0 ] || { echo "$service did not end well"; exit 1; }
done
echo "the compose stack works"
