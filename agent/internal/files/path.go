// Paths as requests have them. Pure: nothing here looks at the machine.

package files

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// maxPathBytes is PATH_MAX, limits.h, with its final NUL.
const maxPathBytes = 4096

// checkPath returns in words what is wrong with a path below a root.
func checkPath(raw string) error {
	if len(raw) >= maxPathBytes {
		return fmt.Errorf("a path has %d bytes, %d or more", len(raw), maxPathBytes)
	}
	if strings.IndexByte(raw, 0) >= 0 {
		return fmt.Errorf("the path %.80q contains a NUL byte", raw)
	}
	if raw == "" {
		return nil
	}
	for name := range strings.SplitSeq(raw, "/") {
		if name == "" || name == "." || name == ".." {
			return fmt.Errorf("the path %.80q has the name %q in it", raw, name)
		}
	}
	return nil
}

// checkRoot does the same for the root of a call.
func checkRoot(root string) error {
	if len(root) >= maxPathBytes || strings.IndexByte(root, 0) >= 0 || !path.IsAbs(root) {
		return fmt.Errorf("the root must be an absolute path of less than %d bytes", maxPathBytes)
	}
	return nil
}

// checkNamed refuses the root itself, which no change may replace or remove.
func checkNamed(raw string) error {
	if raw == "" {
		return errors.New("the root itself cannot be changed")
	}
	return checkPath(raw)
}

// split cuts a path before its last name. The path need not be a checked one.
func split(p string) (folder, name string) {
	switch cut := strings.LastIndexByte(p, '/'); cut {
	case -1:
		return "", p
	case 0:
		return "/", p[1:]
	default:
		return p[:cut], p[cut+1:]
	}
}

// join is the path of name in folder. Either may be "", the root or the folder itself.
func join(folder, name string) string {
	if folder == "" || name == "" {
		return folder + name
	}
	return folder + "/" + name
}
