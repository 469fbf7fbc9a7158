package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/custody"
	"nightshift/pipeline/ingest"
	"nightshift/pipeline/store"
)

// A browser sends a file in pieces, so that it goes on where it was after a
// broken connection or a restart of either side: the server keeps what came in
// its spool, and the size of that is where the next piece begins. The whole
// file then goes into the scans bucket by the code of `nightshift ingest`.

// maxPiece is the most bytes of one piece.
const maxPiece = 8 << 20

// spoolAge is how long an upload that nobody goes on with is kept.
const spoolAge = 7 * 24 * time.Hour

// spool keeps uploads that are not whole yet.
type spool struct {
	dir string
	max int64 // bytes of one file
	mu  sync.Mutex
	at  map[string]*sync.Mutex // one writer a file
}

// upload is what a browser says of a file before it sends it.
type upload struct {
	Key      string `json:"key"`      // in the scans bucket: box and path below it
	Size     int64  `json:"size"`     // bytes
	Modified int64  `json:"modified"` // as the browser tells it: another one is another file
}

func (u upload) id() string {
	return string(archive.DigestOfParts("upload", u.Key, strconv.FormatInt(u.Size, 10), strconv.FormatInt(u.Modified, 10)))[:32]
}

// state is how far an upload is.
type uploadState struct {
	ID     string `json:"id"`
	Offset int64  `json:"offset"` // bytes that are here
	Done   bool   `json:"done"`   // it is among the scans
}

func (p *spool) lock(id string) func() {
	p.mu.Lock()
	m := p.at[id]
	if m == nil {
		m = new(sync.Mutex)
		p.at[id] = m
	}
	p.mu.Unlock()
	m.Lock()
	return m.Unlock
}

func (p *spool) file(id string) string { return filepath.Join(p.dir, id) }

// write makes a small file anew, through no link.
func (p *spool) write(name string, raw []byte) error {
	f, err := os.OpenFile(p.file(name), os.O_CREATE|os.O_WRONLY|os.O_TRUNC|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	return errors.Join(err, f.Close())
}

// sweep removes what nobody went on with.
func (p *spool) sweep() {
	list, err := os.ReadDir(p.dir)
	if err != nil {
		return // not made yet
	}
	for _, e := range list {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > spoolAge {
			_ = os.Remove(filepath.Join(p.dir, e.Name())) // next time
		}
	}
}

// checkUpload refuses names that cannot be, and files over the limit.
func (s *Server) checkUpload(u upload) error {
	switch {
	case u.Size <= 0:
		return fault{http.StatusBadRequest, "The file is empty."}
	case u.Size > s.spool.max:
		return fault{http.StatusRequestEntityTooLarge, fmt.Sprintf("The file has %d bytes; at most %d are taken (--max-bytes).", u.Size, s.spool.max)}
	}
	if !utf8.ValidString(u.Key) || strings.ContainsFunc(u.Key, unicode.IsControl) {
		return fault{http.StatusBadRequest, fmt.Sprintf("%s cannot be the name of a scan: it holds a character that nobody sees.", strconv.QuoteToASCII(u.Key[:min(len(u.Key), 200)]))}
	}
	for part := range strings.SplitSeq(u.Key, "/") {
		if part == "" || part == "." || part == ".." {
			return fault{http.StatusBadRequest, fmt.Sprintf("%q cannot be the name of a scan.", u.Key)}
		}
	}
	if err := ingest.Fits(u.Key); err != nil {
		return fault{http.StatusBadRequest, err.Error()}
	}
	return nil
}

// uploadBegin tells how far an upload is: at 0, in the middle, or done.
func (s *Server) uploadBegin(w http.ResponseWriter, r *http.Request, _ visit) error {
	var u upload
	if err := readJSON(r, &u); err != nil {
		return err
	}
	if err := s.checkUpload(u); err != nil {
		return err
	}
	out := uploadState{ID: u.id()}
	defer s.spool.lock(out.ID)()
	s.spool.sweep()
	raw, err := json.Marshal(u)
	if err != nil {
		return err
	}
	if err := custody.Make(s.spool.dir); err != nil { // what lies there is written on
		return err
	}
	if err := s.spool.write(out.ID+".json", raw); err != nil {
		return err
	}
	if st, err := os.Lstat(s.spool.file(out.ID)); err == nil {
		out.Offset = st.Size()
	}
	if out.Offset == u.Size { // all came, but it was not put in: the server stopped then
		if err := s.putIn(r, u, out.ID); err != nil {
			return err
		}
		out.Done = true
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

// uploadPiece takes the piece that begins at offset. At another place than the
// end of what is here it answers 409 with that place.
func (s *Server) uploadPiece(w http.ResponseWriter, r *http.Request, v visit) error {
	id := r.PathValue("id")
	if strings.Trim(id, "0123456789abcdef") != "" {
		return fault{http.StatusNotFound, "There is no such upload."}
	}
	defer s.spool.lock(id)()
	var u upload
	raw, err := os.ReadFile(s.spool.file(id) + ".json")
	if err == nil {
		err = json.Unmarshal(raw, &u)
	}
	if err != nil || u.id() != id {
		return fault{http.StatusNotFound, "There is no such upload; begin again."}
	}
	f, err := os.OpenFile(s.spool.file(id), os.O_CREATE|os.O_RDWR|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if at := r.Header.Get("Upload-Offset"); at != strconv.FormatInt(end, 10) {
		writeJSON(w, http.StatusConflict, uploadState{ID: id, Offset: end})
		return nil
	}
	n, err := io.Copy(f, io.LimitReader(r.Body, u.Size-end+1))
	if end += n; end > u.Size {
		_ = f.Truncate(0)
		return fault{http.StatusBadRequest, "More came than the file's size said; begin again."}
	}
	if err != nil {
		return fmt.Errorf("upload of %s at %d: %w", u.Key, end, err)
	}
	out := uploadState{ID: id, Offset: end, Done: end == u.Size}
	if out.Done {
		if err := f.Sync(); err != nil {
			return err
		}
		if err := s.putIn(r, u, id); err != nil {
			return err
		}
		s.opt.Log.Info("uploaded", "who", v.Who, "scan", u.Key, "bytes", u.Size)
	}
	writeJSON(w, http.StatusOK, out)
	return nil
}

// putIn puts a whole file among the scans and forgets it here.
func (s *Server) putIn(r *http.Request, u upload, id string) error {
	err := ingest.PutFile(r.Context(), ingest.File{Path: s.spool.file(id), Within: s.spool.dir, Key: u.Key, Size: u.Size}, ingest.Options{Scans: s.opt.System.Scans})
	if err != nil && !errors.Is(err, ingest.ErrDiffers) {
		return err
	}
	for _, name := range []string{s.spool.file(id), s.spool.file(id) + ".json"} {
		if rerr := os.Remove(name); rerr != nil && !errors.Is(rerr, os.ErrNotExist) {
			s.opt.Log.Warn("upload not cleared away", "file", name, "error", rerr)
		}
	}
	if err != nil {
		return fault{http.StatusConflict, fmt.Sprintf("%q differs from the scan stored under its name, which stays as it is.", path.Base(u.Key))}
	}
	return nil
}

// uploadEnd says that folders are complete, as `nightshift ingest` does after
// their last file.
func (s *Server) uploadEnd(w http.ResponseWriter, r *http.Request, v visit) error {
	var in struct {
		Keys []string `json:"keys"` // all that were put in, of all folders
	}
	if err := readJSON(r, &in); err != nil {
		return err
	}
	folders := map[string][]string{}
	for _, k := range in.Keys {
		if err := s.checkUpload(upload{Key: k, Size: 1}); err != nil {
			return err
		}
		if _, err := s.opt.System.Scans.Stat(r.Context(), k); errors.Is(err, store.ErrNotFound) {
			return fault{http.StatusConflict, fmt.Sprintf("%q is not among the scans yet.", k)}
		} else if err != nil {
			return err
		}
		folders[archive.FolderOf(k)] = append(folders[archive.FolderOf(k)], path.Base(k))
	}
	for folder, names := range folders {
		slices.Sort(names)
		if err := ingest.Complete(r.Context(), folder, names, ingest.Options{Scans: s.opt.System.Scans}); err != nil {
			return err
		}
	}
	s.board.poke()
	writeJSON(w, http.StatusOK, map[string]int{"folders": len(folders)})
	return nil
}

func (s *Server) uploadPage(w http.ResponseWriter, r *http.Request, v visit) error {
	c := s.board.last()
	var boxes []string
	for _, b := range c.Boxes[:min(len(c.Boxes), 500)] {
		boxes = append(boxes, b.Box)
	}
	s.show(w, v, http.StatusOK, "upload", page{Title: "Put scans in", At: "upload", Data: struct {
		Boxes []string
		Box   string
		Piece int
	}{boxes, r.FormValue("box"), maxPiece}})
	return nil
}
