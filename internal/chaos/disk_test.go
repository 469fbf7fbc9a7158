//go:build chaos

package chaos

import (
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
	"golang.org/x/sys/unix"
)

// disk is a file system in memory that knows what a disk would have of it: what
// was synced, and of the rest any part in any order, as a journalling file system
// that writes data back when it likes leaves it. Names, sizes and attributes are
// a log that is on the disk up to some place, at least to where it was at the last
// sync of anything; data are there block by block, of a file that was synced as it
// was then. A name may thus be there with none of what was written under it.
type disk struct {
	mu     sync.Mutex
	nodes  map[uint64]*node
	log    []change
	synced int // of log

	until int    // changes, and then the next by which a file gets its name
	then  func() // called once there, with everything standing still
}

// change is one entry of the log.
type change struct {
	kind      changeKind
	dir, node uint64 // node: what is linked, resized, or has an attribute set
	name      string // in dir; of the attribute
	newDir    uint64
	newName   string
	size      int
	value     []byte // of the attribute; nil: taken away
}

type changeKind int

const (
	linked changeKind = iota
	unlinked
	renamed
	resized
	attributed
)

// node is a file or a folder.
type node struct {
	fs.Inode
	d     *disk
	id    uint64
	mode  uint32
	at    time.Time
	data  []byte
	attrs map[string][]byte

	kept     []byte // data when it was synced last
	keptAt   int    // length of the log then
	unsynced []piece
}

// piece is what was written since, no longer than a block.
type piece struct {
	off  int
	data []byte
}

// block is the size in which data reach the disk.
const block = 4096

// newDisk mounts an empty disk until the test ends or unmount is called.
func newDisk(t *testing.T) (d *disk, at string, unmount func()) {
	t.Helper()
	d = &disk{nodes: map[uint64]*node{}}
	root := d.node(syscall.S_IFDIR | 0o755)
	at = filepath.Join(t.TempDir(), "disk")
	if err := os.Mkdir(at, 0o755); err != nil {
		t.Fatal(err)
	}
	lasting := time.Minute // nobody else changes it
	server, err := fs.Mount(at, root, &fs.Options{AttrTimeout: &lasting, EntryTimeout: &lasting, NullPermissions: true,
		MountOptions: fuse.MountOptions{DirectMountStrict: true, FsName: "disk", Name: "powercut", MaxWrite: 1 << 20}})
	if err != nil {
		t.Fatalf("mount a file system of the test's own (root and /dev/fuse are needed): %v", err)
	}
	unmount = sync.OnceFunc(func() {
		if server.Unmount() != nil {
			_ = unix.Unmount(at, unix.MNT_DETACH)
		}
	})
	t.Cleanup(unmount)
	return d, at, unmount
}

func (d *disk) node(mode uint32) *node {
	n := &node{d: d, id: uint64(len(d.nodes) + 1), mode: mode, at: time.Now(), attrs: map[string][]byte{}}
	d.nodes[n.id] = n
	return n
}

// note adds to the log, with the lock held.
func (d *disk) note(c change) {
	if d.log = append(d.log, c); d.then != nil && len(d.log) >= d.until && (c.kind == linked || c.kind == renamed) {
		d.then()
		d.then = nil
	}
}

// changes is how many there were.
func (d *disk) changes() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log)
}

// cutAt has the disk cut below a folder at the instant when a file got a name, the
// first after so many changes, and tells how that went.
func (d *disk) cutAt(until int, r *rand.Rand, into string) (done chan error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	done = make(chan error, 1)
	d.until, d.then = until, func() { done <- d.cut(r, into) }
	return done
}

// cut writes what the disk has at this instant below a folder, with the lock held.
func (d *disk) cut(r *rand.Rand, into string) error {
	upTo := d.synced + r.IntN(len(d.log)-d.synced+1)
	share := []float64{0, 0.5, 0.9}[r.IntN(3)] // of the blocks
	entries := map[uint64]map[string]uint64{}
	attrs := map[uint64]map[string][]byte{}
	for _, c := range d.log[:upTo] {
		c.replay(entries, attrs)
	}
	return d.leave(r, share, upTo, 1, into, entries, attrs)
}

func (c change) replay(entries map[uint64]map[string]uint64, attrs map[uint64]map[string][]byte) {
	in := func(dir uint64) map[string]uint64 {
		if entries[dir] == nil {
			entries[dir] = map[string]uint64{}
		}
		return entries[dir]
	}
	switch c.kind {
	case linked:
		in(c.dir)[c.name] = c.node
	case unlinked:
		delete(in(c.dir), c.name)
	case renamed:
		moved := in(c.dir)[c.name]
		delete(in(c.dir), c.name)
		in(c.newDir)[c.newName] = moved
	case attributed:
		if attrs[c.node] == nil {
			attrs[c.node] = map[string][]byte{}
		}
		if attrs[c.node][c.name] = c.value; c.value == nil {
			delete(attrs[c.node], c.name)
		}
	}
}

func (d *disk) leave(r *rand.Rand, share float64, upTo int, id uint64, at string, entries map[uint64]map[string]uint64, attrs map[uint64]map[string][]byte) error {
	n := d.nodes[id]
	var err error
	if n.mode&syscall.S_IFDIR != 0 {
		if err = os.MkdirAll(at, os.FileMode(n.mode&0o777)); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(entries[id])) {
			if err := d.leave(r, share, upTo, entries[id][name], filepath.Join(at, name), entries, attrs); err != nil {
				return err
			}
		}
	} else if err = os.WriteFile(at, n.left(r, share, d.log[n.keptAt:max(upTo, n.keptAt)]), os.FileMode(n.mode&0o777)); err != nil {
		return err
	}
	for name, value := range attrs[id] {
		if err := unix.Setxattr(at, name, value, 0); err != nil {
			return &os.PathError{Op: "setxattr " + name, Path: at, Err: err}
		}
	}
	return nil
}

// left is what the disk has of a file: what was synced, its size as the log has
// it, and a share of the blocks written since, in any order.
func (n *node) left(r *rand.Rand, share float64, log []change) []byte {
	out := slices.Clone(n.kept)
	for _, c := range log {
		if c.kind == resized && c.node == n.id {
			out = sized(out, c.size)
		}
	}
	for _, i := range r.Perm(len(n.unsynced)) {
		if p := n.unsynced[i]; r.Float64() < share && p.off < len(out) {
			copy(out[p.off:], p.data)
		}
	}
	return out
}

func sized(data []byte, size int) []byte {
	if size <= len(data) {
		return data[:size]
	}
	return append(data, make([]byte, size-len(data))...)
}

// sync puts a file's data, and all of the log, on the disk.
func (n *node) sync() {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	n.kept = sized(n.kept, len(n.data))
	for _, p := range n.unsynced {
		if p.off < len(n.kept) {
			copy(n.kept[p.off:], p.data)
		}
	}
	n.d.synced = len(n.d.log)
	n.unsynced, n.keptAt = nil, n.d.synced
}

// resize is with the lock held.
func (n *node) resize(size int) {
	if size == len(n.data) {
		return
	}
	n.data = sized(n.data, size)
	n.unsynced = slices.DeleteFunc(n.unsynced, func(p piece) bool { return p.off >= size })
	n.d.note(change{kind: resized, node: n.id, size: size})
}

// open is a file handle; with sync each write is on the disk when it returns.
type open struct{ sync bool }

func opened(flags uint32) *open { return &open{flags&(syscall.O_SYNC|syscall.O_DSYNC) != 0} }

func (n *node) Open(_ context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	if flags&syscall.O_TRUNC != 0 {
		n.resize(0)
	}
	return opened(flags), fuse.FOPEN_KEEP_CACHE, 0
}

func (n *node) Read(_ context.Context, _ fs.FileHandle, dest []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	got := 0
	if off < int64(len(n.data)) {
		got = copy(dest, n.data[off:])
	}
	return fuse.ReadResultData(dest[:got]), 0
}

func (n *node) Write(_ context.Context, f fs.FileHandle, data []byte, off int64) (uint32, syscall.Errno) {
	n.d.mu.Lock()
	n.resize(max(len(n.data), int(off)+len(data)))
	copy(n.data[off:], data)
	n.at = time.Now()
	for at := int(off); at < int(off)+len(data); {
		end := min((at/block+1)*block, int(off)+len(data))
		n.unsynced = append(n.unsynced, piece{at, slices.Clone(data[at-int(off) : end-int(off)])})
		at = end
	}
	n.d.mu.Unlock()
	if o, ok := f.(*open); ok && o.sync {
		n.sync()
	}
	return uint32(len(data)), 0
}

func (n *node) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno { n.sync(); return 0 }

func (n *node) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	n.describe(&out.Attr)
	return 0
}

func (n *node) describe(a *fuse.Attr) {
	a.Ino, a.Mode, a.Size, a.Nlink, a.Blksize = n.id, n.mode, uint64(len(n.data)), 1, block
	a.SetTimes(&n.at, &n.at, &n.at)
}

func (n *node) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	if mode, ok := in.GetMode(); ok {
		n.mode = n.mode&syscall.S_IFMT | mode&0o7777
	}
	if size, ok := in.GetSize(); ok {
		n.resize(int(size))
	}
	if at, ok := in.GetMTime(); ok {
		n.at = at
	}
	n.describe(&out.Attr)
	return 0
}

func (n *node) Getxattr(_ context.Context, name string, dest []byte) (uint32, syscall.Errno) {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	value, ok := n.attrs[name]
	return answer(value, ok, dest)
}

func (n *node) Listxattr(_ context.Context, dest []byte) (uint32, syscall.Errno) {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	var all []byte
	for name := range n.attrs {
		all = append(append(all, name...), 0)
	}
	return answer(all, true, dest)
}

func answer(value []byte, there bool, dest []byte) (uint32, syscall.Errno) {
	if !there {
		return 0, syscall.ENODATA
	}
	if len(dest) < len(value) {
		return uint32(len(value)), syscall.ERANGE
	}
	return uint32(copy(dest, value)), 0
}

func (n *node) Setxattr(_ context.Context, name string, data []byte, flags uint32) syscall.Errno {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	n.attrs[name] = append([]byte{}, data...)
	n.d.note(change{kind: attributed, node: n.id, name: name, value: n.attrs[name]})
	return 0
}

func (n *node) Removexattr(_ context.Context, name string) syscall.Errno {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	if _, ok := n.attrs[name]; !ok {
		return syscall.ENODATA
	}
	delete(n.attrs, name)
	n.d.note(change{kind: attributed, node: n.id, name: name})
	return 0
}

// made makes a node; with a name it is in this folder.
func (n *node) made(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) *fs.Inode {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	c := n.d.node(mode)
	if name != "" {
		n.d.note(change{kind: linked, dir: n.id, name: name, node: c.id})
	}
	c.describe(&out.Attr)
	return n.NewPersistentInode(ctx, c, fs.StableAttr{Mode: mode & syscall.S_IFMT, Ino: c.id})
}

func (n *node) Create(ctx context.Context, name string, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	return n.made(ctx, name, syscall.S_IFREG|mode, out), opened(flags), fuse.FOPEN_KEEP_CACHE, 0
}

func (n *node) Tmpfile(ctx context.Context, flags, mode uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	return n.Create(ctx, "", flags, mode, out)
}

func (n *node) Mkdir(ctx context.Context, name string, mode uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	return n.made(ctx, name, syscall.S_IFDIR|mode, out), 0
}

func (n *node) Link(_ context.Context, target fs.InodeEmbedder, name string, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	if n.GetChild(name) != nil {
		return nil, syscall.EEXIST
	}
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	to := target.(*node) // there are no others
	n.d.note(change{kind: linked, dir: n.id, name: name, node: to.id})
	to.describe(&out.Attr)
	return &to.Inode, 0
}

func (n *node) Unlink(_ context.Context, name string) syscall.Errno {
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	n.d.note(change{kind: unlinked, dir: n.id, name: name})
	return 0
}

func (n *node) Rmdir(ctx context.Context, name string) syscall.Errno {
	if c := n.GetChild(name); c != nil && len(c.Children()) > 0 {
		return syscall.ENOTEMPTY
	}
	return n.Unlink(ctx, name)
}

func (n *node) Rename(_ context.Context, name string, newParent fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	to := newParent.(*node) // there are no others
	if flags == unix.RENAME_NOREPLACE && to.GetChild(newName) != nil {
		return syscall.EEXIST
	}
	if flags&^uint32(unix.RENAME_NOREPLACE) != 0 {
		return syscall.EINVAL
	}
	n.d.mu.Lock()
	defer n.d.mu.Unlock()
	n.d.note(change{kind: renamed, dir: n.id, name: name, newDir: to.id, newName: newName})
	return 0
}

func (n *node) Statfs(_ context.Context, out *fuse.StatfsOut) syscall.Errno {
	out.Bsize, out.Blocks, out.Bfree, out.Bavail, out.NameLen = block, 1<<20, 1<<20, 1<<20, 255
	return 0
}
