// Directories that an image names and need not have.

package boot

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// maxLinks is as many as the kernel follows, path_resolution(7).
const maxLinks = 40

// MakeDirectories is os.MkdirAll, but makes what a link on the way leads to as
// well, as container engines do for a working directory.
func MakeDirectories(name string) error {
	links := maxLinks
	return makeDirectories(name, &links)
}

func makeDirectories(name string, links *int) error {
	for {
		err := os.MkdirAll(name, 0o755)
		var failed *fs.PathError
		if !errors.As(err, &failed) || *links == 0 {
			return err
		}
		target, readErr := os.Readlink(failed.Path)
		if readErr != nil {
			return err
		}
		*links--
		if !filepath.IsAbs(target) {
			// Not cleaned: what ".." means is for the kernel to say.
			target = filepath.Dir(failed.Path) + "/" + target
		}
		if err := makeDirectories(target, links); err != nil {
			return err
		}
	}
}
