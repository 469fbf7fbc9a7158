package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"

	"nightshift/pipeline/archive"
	"nightshift/pipeline/imaging"
	"nightshift/pipeline/progress"
	"nightshift/pipeline/record"
	"nightshift/pipeline/store"
)

// maxShown bounds the bytes of a master that is sent to the browser as it is.
const maxShown = 64 << 20

// manifestPage is a page, from 1, of an item's input; "" is the current one.
func (s *Server) manifestPage(ctx context.Context, item archive.ItemID, in archive.Digest, page int) (archive.ManifestPage, error) {
	sys := s.opt.System
	if !in.Valid() {
		var err error
		if in, _, err = progress.CurrentInput(ctx, sys.Work, item); err != nil {
			return archive.ManifestPage{}, err
		}
	}
	if in == "" {
		return archive.ManifestPage{}, fault{http.StatusNotFound, "The item has no pages yet."}
	}
	m, err := s.shelf.manifest(ctx, sys.Work, item, in)
	if err != nil {
		return archive.ManifestPage{}, err
	}
	if page < 1 || page > len(m.Pages) {
		return archive.ManifestPage{}, fault{http.StatusNotFound, "The item has no such page."}
	}
	return m.Pages[page-1], nil
}

// asked is the page that a request for an image names: a page of an item, of
// its current input or the one named, or a whole scan by its key.
func (s *Server) asked(r *http.Request) (archive.ManifestPage, error) {
	item := archive.ItemID(r.FormValue("item"))
	if item == "" {
		return archive.ManifestPage{Scan: r.FormValue("key"), Index: 1}, nil
	}
	page, err := strconv.Atoi(r.FormValue("page"))
	if err != nil {
		return archive.ManifestPage{}, fault{http.StatusBadRequest, "The page is no number."}
	}
	return s.manifestPage(r.Context(), item, archive.Digest(r.FormValue("input")), page)
}

// image sends a page image that browsers can show: the access image, or, where
// none can be made, the master itself if it is of a kind that browsers know. Of
// a damaged file they often show the part that is there.
func (s *Server) image(w http.ResponseWriter, r *http.Request, _ visit) error {
	p, err := s.asked(r)
	if err != nil {
		return err
	}
	var img record.PageImage
	err = errNotShown
	if s.opt.Images != nil && p.SHA256 != "" {
		img, err = s.opt.Images.PageImage(r.Context(), p)
	}
	if err != nil && r.Context().Err() == nil {
		master, merr := s.browserMaster(r.Context(), p)
		if merr == nil || errors.Is(err, errNotShown) {
			img, err = master, merr
		}
	}
	switch {
	case r.Context().Err() != nil:
		return nil // the browser went away
	case errors.Is(err, store.ErrNotFound):
		noImage(w, http.StatusNotFound)
		return nil
	case err != nil:
		s.opt.Log.Debug("no image to show", "scan", p.Scan, "index", p.Index, "error", err)
		noImage(w, http.StatusUnprocessableEntity)
		return nil
	}
	h := w.Header()
	h.Set("Content-Type", img.Type)
	h.Set("Content-Security-Policy", imagePolicy)
	h.Set("Cache-Control", "private, max-age=600")
	h.Set("Content-Length", strconv.Itoa(len(img.Data)))
	_, err = w.Write(img.Data)
	return err
}

// noImage answers with a picture that says so: the place of an image stays
// filled, with scripts and without.
func noImage(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Content-Security-Policy", imagePolicy)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(noImagePicture)) // the browser went away
}

const noImagePicture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 470" width="360" height="470"><rect x="1" y="1" width="358" height="468" fill="#8883" stroke="#888" stroke-dasharray="6 5"/><text x="180" y="240" font-family="sans-serif" font-size="22" text-anchor="middle" fill="#888">no image can be shown</text></svg>`

var errNotShown = errors.New("not of a kind that browsers show")

// browserTypes are the kinds of master that every browser shows.
var browserTypes = map[string]bool{imaging.TypeJPEG: true, imaging.TypePNG: true, imaging.TypeGIF: true, imaging.TypeWebP: true, imaging.TypeBMP: true}

func (s *Server) browserMaster(ctx context.Context, p archive.ManifestPage) (record.PageImage, error) {
	if p.Index != 1 {
		return record.PageImage{}, errNotShown
	}
	o, err := s.openScan(ctx, p.Scan)
	if err != nil {
		return record.PageImage{}, err
	}
	defer o.Close()
	head := make([]byte, min(o.Size(), 4096))
	if _, err := o.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return record.PageImage{}, err
	}
	kind, ok := imaging.Sniff(head)
	if !ok || !browserTypes[kind] || o.Size() > maxShown {
		return record.PageImage{}, errNotShown
	}
	raw, err := o.Bytes(ctx)
	return record.PageImage{Data: raw, Type: kind}, err
}

// openScan opens a scan at the version that counts, or as it is while intake has
// not looked at it.
func (s *Server) openScan(ctx context.Context, key string) (*store.Object, error) {
	info, err := s.opt.System.Scans.Stat(ctx, key)
	if err != nil {
		return nil, err
	}
	c, err := progress.Counting(ctx, s.opt.System.Work, info)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	return s.opt.System.Scans.OpenAs(ctx, c.Info), nil
}

// scan sends a master as it is, as a download only.
func (s *Server) scan(w http.ResponseWriter, r *http.Request, _ visit) error {
	key := r.FormValue("key")
	o, err := s.openScan(r.Context(), key)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrBadKey) {
		return fault{http.StatusNotFound, "There is no such scan."}
	}
	if err != nil {
		return err
	}
	defer o.Close()
	body, err := o.Reader(r.Context())
	if err != nil {
		return err
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Security-Policy", imagePolicy)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": path.Base(key)}))
	h.Set("Content-Length", strconv.FormatInt(o.Size(), 10))
	if _, err := io.Copy(w, body); err != nil {
		s.opt.Log.Debug("download broke off", "scan", key, "error", fmt.Sprint(err))
	}
	return nil
}
