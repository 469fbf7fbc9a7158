#!/bin/sh
# gosec.sh GOSEC: looks through the module's code for what tends to be a hole, with
# gosec. Exit 0: each finding is mended or answered, here or by a `#nosec` at its
# place. Rules that are left out, and why:
#
#   G104  errors that are not looked at: staticcheck holds what matters; these are of
#         Close and Flush after an error or after reading, and of buffers
#   G115  conversions of integers: each on bytes of outside was looked at (30 Nov 2026) and
#         follows a check of its bounds; the others are of our own numbers. Fuzz targets run them
#   G301, G302, G306  files and folders that all may read: records, bags and training files are
#         made to be read; umask narrows it. What is secret is made 0600 by custody and `keys`
#   G304  a path in a variable: a command opens what its user names; folders that others may
#         write to are opened by os.Root (TestLinks, TestMake)
#   G703  the same, told from arguments
#
# Left out are programs and packages that only tests and developers run.
set -eu
exec "$1" -quiet -exclude-generated -exclude=G104,G115,G301,G302,G304,G306,G703 \
	-exclude-dir=internal/samplebox -exclude-dir=pipeline/model/internal -exclude-dir=pipeline/clean/internal \
	-exclude-dir=pipeline/evaluate/internal -exclude-dir=pipeline/structure/internal -exclude-dir=pipeline/ocr/internal \
	-exclude-dir=pipeline/store/miniotest -exclude-dir=pipeline/store/storetest -exclude-dir=pipeline/record/recordtest \
	-exclude-dir=pipeline/imaging/imagingtest -exclude-dir=docs/subscriber -exclude-dir=deploy ./...
