#!/bin/sh
# digests.sh [COMPOSE.YAML]: the images of the compose stack, each by the digest under
# which it was pulled here, as lines for compose's .env file:
#
#   docker compose pull && ../container/digests.sh compose.yaml >>.env
#
# A stack that was tried is the same stack on another machine and another day then.
# Exit 1: an image was not pulled from a registry (nightshift:latest, built here, is
# left out), and has no digest that would hold elsewhere.
set -eu
file=${1:-$(dirname "$0")/../compose/compose.yaml}
docker=${DOCKER:-docker}
code=0
images=$(sed -n 's/^ *image: \${\([A-Z_]*_IMAGE\):-\([^}]*\)}.*/\1 \2/p' "$file" | sort -u)
[ -n "$images" ] || { echo "$file names no image" >&2; exit 1; }
while read -r name image; do
	[ "$name" != NIGHTSHIFT_IMAGE ] || continue
	digest=$("$docker" image inspect -f '{{join .RepoDigests "\n"}}' "$image" 2>/dev/null | grep -m 1 '@sha256:') || {
		echo "$name: $image was not pulled here" >&2
		code=1
		continue
	}
	echo "$name=$digest"
done <<END
$images
END
exit $code
