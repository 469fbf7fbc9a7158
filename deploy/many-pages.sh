#!/bin/sh
# many-pages.sh PAGES DIR: so many items of a page each below DIR, a hundred a box: the
# sample box's letter and telegram again and again, each with other bytes.
set -eu
cd "$(dirname "$0")/.."
/usr/bin/python3 - "$1" "$2" <<'P'
import glob, os, struct, sys
pages, out = int(sys.argv[1]), sys.argv[2]
scans = sorted(glob.glob('testdata/samplebox/*/*.jpg'))
scans = [s for s in scans if '_p0' not in s and 'copy' not in s]
for i in range(pages):
    b = open(scans[i % len(scans)], 'rb').read()
    comment = b'page %d' % i  # a comment segment after the start of the image: other bytes, the same page
    folder = '%s/Many/box %02d' % (out, i // 100)
    os.makedirs(folder, exist_ok=True)
    # A number in letters: names that count on would be told of as pages of one item.
    name = ''.join(chr(ord('a') + i // 26**k % 26) for k in (3, 2, 1, 0))
    with open('%s/item-%s-typed.jpg' % (folder, name), 'wb') as f:
        f.write(b[:2] + b'\xff\xfe' + struct.pack('>H', len(comment) + 2) + comment + b[2:])
P
