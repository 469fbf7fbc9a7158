#!/bin/bash
# test.sh DEB BOX: installs the package on a clean Debian root, boots that with
# its own systemd, starts the unit, puts the folder of scans BOX in, and wants
# every scan published, parked, duplicate or ignored. Needs root, debootstrap
# and systemd-container.
set -euo pipefail
if [ -z "${IN_NAMESPACE-}" ]; then # mounts of its own, gone with it
	exec unshare --mount --propagation private env IN_NAMESPACE=1 "$0" "$@"
fi
deb=$(realpath "$1") box=$(realpath "$2")
here=$(dirname "$(realpath "$0")")
root=$(mktemp -d /var/tmp/nightshift-deb-XXXXXX)
trap 'rm -rf --one-file-system "$root"' EXIT

"$here/../debian-root.sh" "$root"
mount -t tmpfs tmpfs /run # nspawn keeps its state there and wants no disk below it
cp "$deb" "$root/tmp/nightshift.deb"
cp -r "$box" "$root/srv/box"
chmod -R a+rX "$root/srv/box"
cat >"$root/usr/sbin/policy-rc.d" <<'RC'
#!/bin/sh
exit 101
RC
chmod +x "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc"
chroot "$root" sh -c '
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd systemd-sysv man-db /tmp/nightshift.deb >/tmp/install.log 2>&1 ||
		{ tail -30 /tmp/install.log; exit 1; }
	man nightshift | grep -q "EXIT STATUS" && man ocr-worker | grep -q children
'
umount "$root/proc"
cat >"$root/root/trial.sh" <<'TRIAL'
#!/bin/bash
set -uxo pipefail
exec >/root/trial.log 2>&1
trial() {
	systemctl start nightshift || return
	for _ in $(seq 60); do journalctl -u nightshift | grep -q '"msg":"ready"' && break; sleep 1; done
	ns() { runuser -u nightshift -- nightshift "$@" --data /var/lib/nightshift; }
	ns ingest /srv/box || return
	for _ in $(seq 300); do
		ns verify --list; code=$?
		[ $code -eq 9 ] || break
		sleep 1
	done
	[ $code -eq 3 ] || return # one scan of the box is parked
	ns failures
	systemd-analyze security nightshift --no-pager | tail -1
	runuser -u nightshift -- sh -c 'cd /tmp && nightshift export --out /tmp/records --data /var/lib/nightshift' || return
	[ "$(find /tmp/records -name 'record-*.json' | wc -l)" -ge 10 ] || return
	# The same as without a unit's sandbox.
	(cd /root && nightshift run /srv/box --out /root/run >/dev/null)
	[ $? -eq 3 ] && diff -rq -x 'report.*' -x failures.json -x .nightshift /root/run /tmp/records || return
	systemctl restart nightshift && sleep 2 && ns verify
	[ $? -eq 3 ] || return
	systemctl stop nightshift || return
	[ "$(systemctl show -p Result --value nightshift)" = success ] || return
	systemctl start nightshift && apt-get remove -y nightshift && ! systemctl is-active nightshift || return
	[ -d /var/lib/nightshift/s3 ] || return # scans and records stay
	echo good >/root/verdict
}
trial
journalctl -u nightshift --no-pager | tail -50
systemctl poweroff
TRIAL
chmod +x "$root/root/trial.sh"
cat >"$root/etc/systemd/system/trial.service" <<'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/root/trial.sh
TimeoutStartSec=900
[Install]
WantedBy=default.target
UNIT
chroot "$root" systemctl enable trial.service 2>/dev/null
timeout 1000 systemd-nspawn --quiet --boot --register=no --keep-unit -D "$root" >"$root/root/boot.log" 2>&1 || true
[ "$(cat "$root/root/verdict" 2>/dev/null)" = good ] || { tail -20 "$root/root/boot.log"; tail -150 "$root/root/trial.log"; echo "the package does not work"; exit 1; }
grep "^→ Overall" "$root/root/trial.log"
echo "the package works: installed, started, box published, restarted, removed"
