// Package etc writes the files that tell a guest who and where it is.
package etc

import (
	"os"
	"path/filepath"
	"time"
)

// Replace writes a new file in place of path, so that a link left there by the
// user is not followed. Its directory keeps its time: the files are of one guest,
// and nothing else of a state may depend on when a guest was started on it.
func Replace(path, content string, mode os.FileMode) error {
	directory := filepath.Dir(path)
	before, err := os.Stat(directory)
	if err != nil {
		return err
	}
	temporary := path + ".pyro-new"
	_ = os.Remove(temporary)
	if err := os.WriteFile(temporary, []byte(content), mode); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	return os.Chtimes(directory, time.Time{}, before.ModTime())
}
