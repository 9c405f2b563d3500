// Layers that nobody thought of: nothing outside of the root changes.

package unpack

import (
	"archive/tar"
	"os"
	"path/filepath"
	"testing"

	"pyro-mcp/helper/internal/images/imagetest"
)

var fuzzLimits = Limits{MaxEntries: 500, MaxBytes: 1 << 20, FreeBytes: 1 << 20, MaxRatio: 10}

// FuzzArchive takes any bytes for a layer.
func FuzzArchive(f *testing.F) {
	f.Add(imagetest.Tar(f, symlink("a", "../outside"), file("a/file", "x"), hardLink("b", "a/file"), file("a/.wh..wh..opq", ""), dir("d", 0)))
	f.Add(imagetest.Tar(f, file("a/b", "x"), symlink("c", "/a"), file("c/d", "y"), file("a/.wh.b", "")))
	f.Fuzz(func(t *testing.T, archive []byte) { staysInside(t, archive, archive) })
}

// FuzzEntries takes bytes for entries of few names, which meet each other often.
func FuzzEntries(f *testing.F) {
	f.Add([]byte{2, 0, 6, 0, 4, 0, 3, 1, 4, 0, 11, 0})
	f.Add([]byte{1, 0, 0, 2, 0, 7, 0, 9, 0, 3, 9, 8})
	f.Fuzz(func(t *testing.T, recipe []byte) {
		const most = 300
		var layers [2]layer
		for i := 0; i+2 < len(recipe) && i < most; i += 3 {
			half := i * 2 / min(len(recipe), most)
			layers[min(half, 1)] = append(layers[min(half, 1)], entryOf(recipe[i], recipe[i+1], recipe[i+2]))
		}
		staysInside(t, imagetest.Tar(t, layers[0]...), imagetest.Tar(t, layers[1]...))
	})
}

var (
	fuzzTypes = []byte{tar.TypeReg, tar.TypeDir, tar.TypeSymlink, tar.TypeLink, tar.TypeFifo, tar.TypeChar}
	fuzzNames = []string{
		"a", "b", "c", "a/a", "a/file", "b/a", "a/b/c", "b/outside/file", "c/sub", ".wh.a", "a/.wh..wh..opq", "a/.wh.file", "b/.wh.sub", "./", "../outside/file", "/a/./b",
	}
	fuzzTargets = []string{"a", "b", "c", "../outside", "a/../../outside", "/", "..", "../outside/file", "/proc/self/cwd", "a/a", "/a/b", "."}
)

func entryOf(kind, name, target byte) imagetest.Entry {
	entry := imagetest.Entry{Header: tar.Header{Typeflag: fuzzTypes[int(kind)%len(fuzzTypes)], Name: fuzzNames[int(name)%len(fuzzNames)], Mode: int64(kind) * 16}}
	if entry.Name == "./" {
		// tar writes no other root.
		entry.Typeflag = tar.TypeDir
	}
	switch entry.Typeflag {
	case tar.TypeReg:
		entry.Content = "changed"
	case tar.TypeSymlink, tar.TypeLink:
		entry.Linkname = fuzzTargets[int(target)%len(fuzzTargets)]
	}
	return entry
}

func staysInside(t *testing.T, archives ...[]byte) {
	base, err := os.MkdirTemp("", "fuzz-unpack-")
	must(t, err)
	defer func() {
		unlock(base)
		must(t, os.RemoveAll(base))
	}()
	root, outside := filepath.Join(base, "root"), filepath.Join(base, "outside")
	must(t, os.Mkdir(root, 0o755))
	must(t, os.MkdirAll(filepath.Join(outside, "sub"), 0o755))
	must(t, os.WriteFile(filepath.Join(outside, "file"), []byte("untouched"), 0o600))
	// Refusals are as good as trees.
	_ = applyAll(t, root, fuzzLimits, archives...)
	if got := listing(t, outside); got != untouched {
		t.Fatalf("outside: %s", got)
	}
	info, err := os.Lstat(filepath.Join(outside, "file"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("outside: %v %v", info, err)
	}
}
