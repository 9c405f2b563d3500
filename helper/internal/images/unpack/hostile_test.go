// Layers that want out of their root, or want too much.

package unpack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/imagetest"
)

// neighbourhood is a root, and beside it what no layer may reach.
func neighbourhood(t testing.TB) (root, outside string) {
	t.Helper()
	base := t.TempDir()
	root, outside = filepath.Join(base, "root"), filepath.Join(base, "outside")
	must(t, os.Mkdir(root, 0o755))
	must(t, os.MkdirAll(filepath.Join(outside, "sub"), 0o755))
	must(t, os.WriteFile(filepath.Join(outside, "file"), []byte("untouched"), 0o600))
	t.Cleanup(func() { unlock(root) })
	return root, outside
}

const untouched = "file=untouched sub/"

func applyAll(t testing.TB, root string, limits Limits, archives ...[]byte) error {
	t.Helper()
	tree, err := Open(root, limits)
	must(t, err)
	defer tree.Close()
	for _, archive := range archives {
		if err := tree.Apply(context.Background(), bytes.NewReader(archive), int64(len(archive))); err != nil {
			return err
		}
	}
	_, err = tree.Finish()
	return err
}

func TestNothingLeavesTheRoot(t *testing.T) {
	for name, entries := range map[string]layer{
		"dots":                            {file("../outside/file", "x")},
		"dots in the middle":              {file("a/../../outside/file", "x")},
		"dots of a directory":             {dir("../outside/sub", 0)},
		"an absolute name":                {file("OUT/file", "x")},
		"through a link":                  {symlink("a", "OUT"), file("a/file", "x")},
		"through a link with dots":        {symlink("a", "../outside"), file("a/file", "x")},
		"through links of links":          {symlink("a", "b"), symlink("b", ".."), file("a/outside/file", "x")},
		"onto a link":                     {symlink("a", "OUT/file"), file("a", "x")},
		"a directory onto a link":         {symlink("a", "OUT/sub"), dir("a", 0)},
		"a whiteout through a link":       {symlink("a", "OUT"), file("a/.wh.file", "")},
		"an opaque mark through a link":   {symlink("a", "OUT"), file("a/.wh..wh..opq", "")},
		"a whiteout of dots":              {file("a/.wh...", "")},
		"a whiteout of a dot":             {file("a/.wh..", "")},
		"a hard link with dots":           {hardLink("a", "../outside/file"), file("a", "x")},
		"a hard link to the absolute":     {hardLink("a", "OUT/file")},
		"a hard link through a link":      {symlink("a", "OUT"), hardLink("b", "a/file")},
		"a hard link to a link":           {symlink("a", "OUT/file"), hardLink("b", "a"), file("b", "x")},
		"mode through a link":             {symlink("a", "OUT/file"), imagetest.Entry{Header: tar.Header{Typeflag: tar.TypeFifo, Name: "a", Mode: 0o777}}},
		"a link into the kernel's own":    {symlink("a", "/proc/self/root"), file("a/OUT/file", "x")},
		"a folder becomes a link":         {file("a/b", "1"), symlink("a", "OUT"), file("a/file", "x")},
		"a folder becomes a link by dots": {file("a/b", "1"), symlink("a", "../outside"), file("a/file", "x")},
	} {
		t.Run(name, func(t *testing.T) {
			root, outside := neighbourhood(t)
			for i := range entries {
				entries[i].Name = strings.Replace(entries[i].Name, "OUT", outside, 1)
				entries[i].Linkname = strings.Replace(entries[i].Linkname, "OUT", outside, 1)
			}
			// An error is as good: nothing may have changed.
			err := applyAll(t, root, Usual, imagetest.Tar(t, entries...))
			if got := listing(t, outside); got != untouched {
				t.Errorf("outside: %s (%v)", got, err)
			}
			if info, err := os.Stat(filepath.Join(outside, "file")); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("outside: %v %v", info, err)
			}
		})
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	limits := Limits{MaxEntries: 10, MaxBytes: 1 << 20, FreeBytes: 1 << 16, MaxRatio: 10}
	var many layer
	for i := range 11 {
		many = append(many, file(strings.Repeat("f", i+1), ""))
	}
	var bomb bytes.Buffer
	zip := gzip.NewWriter(&bomb)
	_, err := io.Copy(zip, bytes.NewReader(imagetest.Tar(t, file("zeros", strings.Repeat("\x00", 512<<10)))))
	must(t, err)
	must(t, zip.Close())
	deep := strings.Repeat(strings.Repeat("d", 200)+"/", 14)

	for name, archives := range map[string][][]byte{
		"too many entries": {imagetest.Tar(t, many...)},
		"too many entries in all layers": {
			imagetest.Tar(t, many[:6]...), imagetest.Tar(t, many[:6]...),
		},
		"too many bytes":       {imagetest.Tar(t, file("a", strings.Repeat("x", 2<<20)))},
		"too much expansion":   {bomb.Bytes()},
		"a path without end":   {imagetest.Tar(t, file(deep+deep+"f", ""))},
		"a path through links": {imagetest.Tar(t, dir(deep, 0o755), symlink("l", deep), file("l/"+deep+"f", ""))},
		"dots":                 {imagetest.Tar(t, file("../f", ""))},
	} {
		err := applyAll(t, t.TempDir(), limits, archives...)
		if err == nil || failure.Of(err).Code != failure.ImageHostile {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALongSparseFileIsRefusedBeforeItIsRead(t *testing.T) {
	// GNU's sparse format 1.0: a map in front of the content, here of one hole of 1 EiB.
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	content := "0\n" + strings.Repeat("\x00", 510)
	must(t, writer.WriteHeader(&tar.Header{
		Typeflag: tar.TypeReg, Name: "GNUSparseFile.0/huge", Size: int64(len(content)), Format: tar.FormatPAX,
		PAXRecords: map[string]string{"VENDOR.x": "y"},
	}))
	_, err := io.WriteString(writer, content)
	must(t, err)
	must(t, writer.Close())
	// The writer refuses to write such records itself.
	patched := patchRecords(archive.Bytes(), "GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=huge", "GNU.sparse.realsize=1152921504606846976")
	err = applyAll(t, t.TempDir(), Usual, patched)
	if err == nil || failure.Of(err).Code != failure.ImageHostile {
		t.Errorf("got %v", err)
	}
}

// patchRecords puts records into the first extended header of an archive.
func patchRecords(archive []byte, records ...string) []byte {
	const block = 512
	body := make([]byte, 0, block)
	for _, each := range records {
		length := len(each) + 4
		if length >= 100 {
			length++
		}
		body = append(body, []byte(strings.TrimLeft(padded(length), "0")+" "+each+"\n")...)
	}
	patched := bytes.Clone(archive)
	header := patched[:block]
	copy(header[124:136], []byte(octal(len(body))))
	copy(header[148:156], "        ")
	sum := 0
	for _, each := range header {
		sum += int(each)
	}
	copy(header[148:156], []byte(octal(sum)[5:]+"\x00"))
	copy(patched[block:2*block], append(body, make([]byte, block-len(body))...))
	return patched
}

func padded(number int) string {
	return string([]byte{'0' + byte(number/100), '0' + byte(number/10%10), '0' + byte(number%10)})
}

func octal(number int) string {
	digits := make([]byte, 12)
	for i := 10; i >= 0; i-- {
		digits[i] = '0' + byte(number&7)
		number >>= 3
	}
	return string(digits)
}

func TestWhatIsNoLayerIsInvalid(t *testing.T) {
	whole := imagetest.Tar(t, file("a", strings.Repeat("x", 5000)))
	for name, content := range map[string][]byte{
		"text": []byte(strings.Repeat("no archive ", 100)), "cut": whole[:2000], "gzip of nothing": {0x1f, 0x8b, 8, 0}, "zstd of nothing": {0x28, 0xb5, 0x2f, 0xfd, 0},
		"a hard link to nothing": imagetest.Tar(t, hardLink("a", "b")), "a long name": imagetest.Tar(t, file(strings.Repeat("n", 256), "")),
		"a root that is a link": imagetest.Tar(t, symlink("./", "x")),
	} {
		err := applyAll(t, t.TempDir(), Usual, content)
		if err == nil || failure.Of(err).Code != failure.ImageInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
