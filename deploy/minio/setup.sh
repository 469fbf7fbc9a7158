#!/bin/sh
# Makes on a MinIO server what Nightshift needs: the buckets, a user and a policy
# for each service, and the notifications of new scans. Run again it changes
# nothing but what differs. Needs mc (https://github.com/minio/mc).
#
#   MC_HOST_night=https://ROOT:PASSWORD@minio.example:9000 deploy/minio/setup.sh /etc/nightshift/keys/minio.users
#
# The file has a line "user secret" for each service; `nightshift keys` writes it.
# MINIO_NOTIFY_NATS_*_night in the server's environment makes the target below;
# TARGET= leaves notifications out, and the sweep finds scans by itself.
set -eu
users=$1
target=${TARGET-arn:minio:sqs::night:nats}
here=$(dirname "$0")
mc=${MC:-mc}

for bucket in scans work records; do
	"$mc" mb --ignore-existing "night/$bucket"
done
# A scan that is put again under its name stays as an older version.
"$mc" version enable night/scans
while read -r user secret; do
	[ -n "$user" ] || continue
	"$mc" admin policy create night "nightshift-$user" "$here/policies/$user.json"
	"$mc" admin user add night "$user" "$secret"
	"$mc" admin policy attach night "nightshift-$user" --user "$user" 2>/dev/null ||
		case $("$mc" admin user info night "$user") in *"nightshift-$user"*) ;; *) exit 1 ;; esac # mc's image has no grep
done <"$users"
[ -z "$target" ] || "$mc" event add --ignore-existing night/scans "$target" --event put
