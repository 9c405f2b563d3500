package disk

import (
	"archive/tar"
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// entry is what a reader of the archive gets.
type entry struct {
	header  *tar.Header
	content []byte
}

func archived(t *testing.T, root string, mounts map[string]bool) map[string]entry {
	t.Helper()
	var buffer bytes.Buffer
	to := bufio.NewWriter(&buffer)
	count, err := writeArchive(to, root, mounts)
	if err != nil {
		t.Fatal(err)
	}
	_ = to.Flush()
	found := map[string]entry{}
	for reader := tar.NewReader(&buffer); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		found[header.Name] = entry{header, content}
	}
	if uint64(len(found)) != count {
		t.Errorf("%d entries were told, %d are there", count, len(found))
	}
	return found
}

func TestArchiveHoldsWhatThereIs(t *testing.T) {
	root := t.TempDir()
	must(t, os.WriteFile(filepath.Join(root, "a"), []byte("hello"), 0o640))
	must(t, os.Chmod(filepath.Join(root, "a"), 0o4750|os.ModeSetuid))
	must(t, os.Link(filepath.Join(root, "a"), filepath.Join(root, "b")))
	must(t, os.Symlink("a", filepath.Join(root, "c")))
	must(t, os.MkdirAll(filepath.Join(root, "d", "e"), 0o700))
	must(t, os.MkdirAll(filepath.Join(root, "m", "hidden"), 0o700))
	must(t, os.WriteFile(filepath.Join(root, "odd\xff\n"), nil, 0o600))
	found := archived(t, root, map[string]bool{"/m": true})

	if a := found["./a"]; string(a.content) != "hello" || a.header.Mode != 0o4750 {
		t.Errorf("a: %q %o", a.content, a.header.Mode)
	}
	if b := found["./b"]; b.header.Typeflag != tar.TypeLink || b.header.Linkname != "./a" {
		t.Errorf("b: %+v", b.header)
	}
	if c := found["./c"]; c.header.Typeflag != tar.TypeSymlink || c.header.Linkname != "a" {
		t.Errorf("c: %+v", c.header)
	}
	for _, name := range []string{"./", "./d", "./d/e", "./m", "./odd\xff\n"} {
		if _, is := found[name]; !is {
			t.Errorf("%q is missing", name)
		}
	}
	if _, is := found["./m/hidden"]; is {
		t.Error("what is mounted over is there")
	}
}

func TestHolesComeOutAsTheyAre(t *testing.T) {
	for name, write := range map[string]func(*os.File) error{
		"only a hole":      func(*os.File) error { return nil },
		"data in a hole":   func(f *os.File) error { _, err := f.WriteAt([]byte("mid"), 5<<20); return err },
		"data at the ends": func(f *os.File) error { _, err := f.WriteAt([]byte("end"), 10<<20-3); return err },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			file, err := os.Create(filepath.Join(root, "holes"))
			must(t, err)
			must(t, file.Truncate(10<<20))
			must(t, write(file))
			must(t, file.Close())
			want, err := os.ReadFile(filepath.Join(root, "holes"))
			must(t, err)
			var stream bytes.Buffer
			to := bufio.NewWriter(&stream)
			_, err = writeArchive(to, root, nil)
			must(t, err)
			must(t, to.Flush())
			if stream.Len() > 1<<20 {
				t.Errorf("the archive has %d bytes", stream.Len())
			}
			if got := archived(t, root, nil)["./holes"]; !bytes.Equal(got.content, want) {
				t.Errorf("%d bytes came out, %d went in", len(got.content), len(want))
			}
		})
	}
}

func TestParseMounts(t *testing.T) {
	text := "1 0 0:1 / / rw - 9p none rw\n2 1 0:2 / /with\\040space rw - tmpfs none rw\nodd line\n"
	mounts := parseMounts(text)
	if len(mounts) != 1 || !mounts["/with space"] {
		t.Errorf("%v", mounts)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
