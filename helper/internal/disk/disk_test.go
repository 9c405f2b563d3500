package disk

import (
	"archive/tar"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func tarOf(tb testing.TB, headers ...*tar.Header) []byte {
	tb.Helper()
	var buffer bytes.Buffer
	writer := tar.NewWriter(&buffer)
	for _, header := range headers {
		header.Format = tar.FormatPAX
		if err := writer.WriteHeader(header); err != nil {
			tb.Fatal(err)
		}
		if _, err := writer.Write(bytes.Repeat([]byte("x"), int(header.Size))); err != nil {
			tb.Fatal(err)
		}
	}
	_ = writer.Close()
	return buffer.Bytes()
}

func image(tb testing.TB, content []byte) (*os.File, error) {
	tb.Helper()
	file, err := os.Create(filepath.Join(tb.TempDir(), "image"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = file.Close() })
	_, err = makeImage(bytes.NewReader(content), file)
	return file, err
}

func checkImage(t *testing.T, file *os.File) {
	t.Helper()
	if output, err := exec.Command("e2fsck", "-fn", file.Name()).CombinedOutput(); err != nil {
		t.Errorf("e2fsck: %v\n%s", err, output)
	}
}

func TestImagesHaveNoErrors(t *testing.T) {
	many := []*tar.Header{{Name: "./", Typeflag: tar.TypeDir, Mode: 0o755}}
	for i := range 40_000 {
		name := fmt.Sprintf("./%s%d", strings.Repeat("n", i%200), i)
		many = append(many, &tar.Header{Name: name, Typeflag: tar.TypeReg, Size: int64(i % 3)})
	}
	xattrs := map[string]string{"SCHILY.xattr.user.small": "v\x00", "SCHILY.xattr.user.large": strings.Repeat("x", 10_000)}
	for name, headers := range map[string][]*tar.Header{
		"nothing":                            nil,
		"more files than a group has inodes": many,
		"every type": {
			{Name: "./", Typeflag: tar.TypeDir, Mode: 0o1777},
			{Name: "./a", Typeflag: tar.TypeReg, Size: 10_000, Mode: 0o4755, Uid: 1 << 30, PAXRecords: xattrs},
			{Name: "./b", Typeflag: tar.TypeLink, Linkname: "./a"},
			{Name: "./c", Typeflag: tar.TypeSymlink, Linkname: strings.Repeat("c", 4000)},
			{Name: "./d", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 300},
			{Name: "./e", Typeflag: tar.TypeFifo},
			{Name: "./f/g/h", Typeflag: tar.TypeReg, Size: 1},
		},
		"names that lead out": {
			{Name: "../../etc/passwd", Typeflag: tar.TypeReg, Size: 3},
			{Name: "/absolute", Typeflag: tar.TypeReg, Size: 3},
		},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := image(t, tarOf(t, headers...))
			if err != nil {
				t.Fatal(err)
			}
			checkImage(t, file)
		})
	}
}

func TestArchivesThatAreRefused(t *testing.T) {
	whole := tarOf(t, &tar.Header{Name: "a", Typeflag: tar.TypeReg, Size: 5000})
	for name, content := range map[string][]byte{
		"cut off":                 whole[:3000],
		"a name that is too long": tarOf(t, &tar.Header{Name: strings.Repeat("n", 256), Typeflag: tar.TypeReg}),
		"a link to nothing":       tarOf(t, &tar.Header{Name: "a", Typeflag: tar.TypeLink, Linkname: "b"}),
		"a file as a directory": tarOf(t, &tar.Header{Name: "a", Typeflag: tar.TypeReg},
			&tar.Header{Name: "a/b", Typeflag: tar.TypeReg}),
		"no archive": bytes.Repeat([]byte("x"), 2000),
	} {
		if _, err := image(t, content); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestZerosAreHoles(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "sparse"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sparse := &sparseFile{file: file}
	want := append(bytes.Repeat([]byte{0}, 10_000), []byte("data")...)
	want = append(want, bytes.Repeat([]byte{0}, 9_000)...)
	for rest := want; len(rest) > 0; {
		n, err := sparse.Write(rest[:min(len(rest), 777)])
		if err != nil {
			t.Fatal(err)
		}
		rest = rest[n:]
	}
	// Zeros over data are data.
	_, _ = sparse.Seek(10_001, 0)
	_, _ = sparse.Write([]byte{0, 0})
	copy(want[10_001:], []byte{0, 0})
	if err := sparse.finish(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file.Name())
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes of %d, %v", len(got), len(want), err)
	}
}

// Whatever a guest sends, the program ends by itself, and an image that it calls
// done is one.
func FuzzMakeImage(f *testing.F) {
	f.Add(tarOf(f, &tar.Header{Name: "a", Typeflag: tar.TypeReg, Size: 10}, &tar.Header{Name: "b", Typeflag: tar.TypeLink, Linkname: "a"}))
	f.Add(tarOf(f, &tar.Header{Name: "d/", Typeflag: tar.TypeDir}, &tar.Header{Name: "d/s", Typeflag: tar.TypeSymlink, Linkname: "../a"}))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := image(t, content)
		if err == nil {
			var super [2]byte
			if _, err := file.ReadAt(super[:], superBlockAt+0x38); err != nil || super != [2]byte{0x53, 0xef} {
				t.Errorf("no super block: %x %v", super, err)
			}
		}
	})
}
