# Sourced by the tests of images: a Docker daemon of their own below $work where
# none runs, and the base image where it cannot be pulled. stop_docker ends the daemon
# and removes $work.
daemon=
start_docker() {
	docker info >/dev/null 2>&1 && return
	export DOCKER_HOST=unix://$work/docker.sock
	dockerd -H "$DOCKER_HOST" --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/pid" \
		--iptables=false --bridge=none >"$work/dockerd.log" 2>&1 &
	daemon=$!
	for _ in $(seq 60); do docker info >/dev/null 2>&1 && break; sleep 1; done
	docker info >/dev/null || { tail "$work/dockerd.log"; exit 1; }
}
stop_docker() {
	if [ -n "$daemon" ]; then kill "$daemon" && wait "$daemon" || true; fi
	umount "$work"/exec/netns/* 2>/dev/null || true
	rm -rf --one-file-system "$work" || true
}
# The same Debian, by debootstrap; $here is a folder beside this one.
base_image() {
	docker image inspect debian:bookworm-slim >/dev/null 2>&1 || docker pull -q debian:bookworm-slim 2>/dev/null || {
		"$here/../debian-root.sh" "$work/base"
		tar -C "$work/base" -c . | docker import - debian:bookworm-slim >/dev/null
		rm -rf "$work/base"
	}
}
