// Archives that tar itself wrote.

package unpack

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSparseFilesOfTarKeepContentAndHoles(t *testing.T) {
	const size = 32 << 20
	source := t.TempDir()
	file, err := os.Create(filepath.Join(source, "sparse"))
	must(t, err)
	for _, at := range []int64{1 << 20, 20<<20 + 5} {
		_, err := file.WriteAt([]byte("island"), at)
		must(t, err)
	}
	must(t, file.Truncate(size))
	must(t, file.Close())
	want, err := os.ReadFile(filepath.Join(source, "sparse"))
	must(t, err)
	for _, format := range []string{"--format=gnu", "--format=pax"} {
		archive, err := exec.Command("tar", "--create", "--sparse", format, "--directory="+source, ".").Output()
		must(t, err)
		if len(archive) > 1<<20 {
			t.Fatalf("%s: tar kept no hole", format)
		}
		root := t.TempDir()
		must(t, applyAll(t, root, Usual, archive))
		got, err := os.ReadFile(filepath.Join(root, "sparse"))
		must(t, err)
		if string(got) != string(want) {
			t.Errorf("%s: the content is another", format)
		}
		var stat unix.Stat_t
		must(t, unix.Stat(filepath.Join(root, "sparse"), &stat))
		if stat.Blocks*512 > 1<<20 {
			t.Errorf("%s: %d bytes on the disk", format, stat.Blocks*512)
		}
	}
}
