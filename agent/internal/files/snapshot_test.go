// A tree, compared with itself later.

package files

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// snapshot has one line for each entry below dir: all of it that a change could
// leave behind, but not the time of the last change of the inode itself.
func snapshot(t testing.TB, dir string) map[string]string {
	t.Helper()
	lines := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		var stat unix.Stat_t
		if err := unix.Lstat(path, &stat); err != nil {
			return err
		}
		line := fmt.Sprintf("%o %d:%d %d %d links %d", stat.Mode, stat.Uid, stat.Gid, stat.Ino, stat.Mtim.Nano(), stat.Nlink)
		if isRegular(&stat) {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			line += fmt.Sprintf(" %q", content)
		}
		if isLink(&stat) {
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			line += " " + target
		}
		relative, err := filepath.Rel(dir, path)
		lines[relative] = line
		return err
	}))
	return lines
}

func expectUnchanged(t testing.TB, dir string, before map[string]string) {
	t.Helper()
	after := snapshot(t, dir)
	if maps.Equal(before, after) {
		return
	}
	for path, line := range before {
		if after[path] != line {
			t.Errorf("%s was %s, is %s", path, line, after[path])
		}
	}
	for path := range after {
		if before[path] == "" {
			t.Errorf("%s is new", path)
		}
	}
}
