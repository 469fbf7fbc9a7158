#!/bin/bash
# test.sh DEB BOX NIGHTSHIFT: builds the image and takes the folder of scans BOX
# through it as no root, with a read-only root and no network: the records must be
# those that the program NIGHTSHIFT makes here. Then `up` is stopped, and must end
# well. Uses the Docker daemon that runs, or starts one for the test (as root).
set -euo pipefail
deb=$(realpath "$1") box=$(realpath "$2") nightshift=$(realpath "$3")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d /var/tmp/nightshift-image-XXXXXX)
. "$here/../container/docker.sh"
finish() {
	docker rm -f nightshift-test-$$ >/dev/null 2>&1 || true
	stop_docker
}
trap finish EXIT
start_docker

# The base is made here where it cannot be pulled: the same Debian, by debootstrap.
base_image
mkdir "$work/context"
cp "$deb" "$work/context/"
DOCKER_BUILDKIT=0 docker build -q --network host -f "$here/Containerfile" -t nightshift:test "$work/context"

mkdir -m 777 "$work/out"
run() { docker run --name nightshift-test-$$ --read-only --tmpfs /tmp --network none --cap-drop ALL --security-opt no-new-privileges "$@"; }
code=0
run --rm -v "$box:/box:ro" -v "$work/out:/out" nightshift:test nightshift run /box --out /out/records || code=$?
want=0
"$nightshift" run "$box" --out "$work/here" >/dev/null || want=$?
[ "$code" -eq "$want" ] || { echo "the image's run ended with $code, not $want"; exit 1; }
diff -rq -x 'report.*' -x failures.json -x .nightshift "$work/here" "$work/out/records"
[ "$(find "$work/out/records" -name 'record-*.json' | wc -l)" -gt 0 ]

run -d -v "$work/out:/out" nightshift:test nightshift up --data /out/up --log-level info >/dev/null
for _ in $(seq 60); do docker logs nightshift-test-$$ 2>&1 | grep -q '"msg":"ready"' && break; sleep 1; done
docker stop -t 60 nightshift-test-$$ >/dev/null
[ "$(docker inspect -f '{{.State.ExitCode}} {{.State.OOMKilled}}' nightshift-test-$$)" = "0 false" ] || { docker logs nightshift-test-$$; exit 1; }
echo "the image works: $(docker image inspect -f '{{.Size}}' nightshift:test | numfmt --to=iec)B, no root, read-only, the same records as here"
