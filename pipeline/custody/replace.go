package custody

import (
	"errors"
	"os"
	"path/filepath"
)

// Replace puts a file, readable by its owner only, in place of what is under its name,
// if anything is. After a kill or a cut of power there is the one or the other, whole.
func Replace(file string, content []byte) error {
	dir := filepath.Dir(file)
	f, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // what failed is told; a rest is taken away by hand
		return err
	}
	return Sync(dir)
}

// Sync writes the names in a folder through to the disk.
func Sync(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
