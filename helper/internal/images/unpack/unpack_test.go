// What layers become.

package unpack

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/imagetest"
)

var (
	file     = imagetest.File
	dir      = imagetest.Dir
	symlink  = imagetest.Symlink
	hardLink = imagetest.HardLink
)

type layer = []imagetest.Entry

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// unpacked puts layers into a directory of its own.
func unpacked(t testing.TB, layers ...layer) (string, Summary, error) {
	t.Helper()
	root := t.TempDir()
	// What nobody may enter must not be in the way of the test's own clearing up.
	t.Cleanup(func() { unlock(root) })
	tree, err := Open(root, Usual)
	must(t, err)
	defer tree.Close()
	for _, each := range layers {
		archive := imagetest.Tar(t, each...)
		if err := tree.Apply(context.Background(), bytes.NewReader(archive), int64(len(archive))); err != nil {
			return root, Summary{}, err
		}
	}
	summary, err := tree.Finish()
	return root, summary, err
}

func unlock(root string) {
	_ = filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if entry != nil && entry.IsDir() {
			return os.Chmod(path, 0o700)
		}
		return nil
	})
}

// listing is every entry as "path type mode content".
func listing(t testing.TB, root string) string {
	t.Helper()
	var lines []string
	must(t, filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err != nil || path == root {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		content := ""
		switch {
		case info.Mode().IsRegular():
			read, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			content = "=" + string(read)
		case info.Mode()&os.ModeSymlink != 0:
			target, err := os.Readlink(path)
			if err != nil {
				return err
			}
			content = ">" + target
		case info.IsDir():
			content = "/"
		default:
			content = "|"
		}
		lines = append(lines, relative+content)
		return nil
	}))
	slices.Sort(lines)
	return strings.Join(lines, " ")
}

func TestLayersBecomeATree(t *testing.T) {
	device := imagetest.Entry{Header: tar.Header{Typeflag: tar.TypeChar, Name: "dev/null", Devmajor: 1, Devminor: 3}}
	overlayWhiteout := imagetest.Entry{Header: tar.Header{Typeflag: tar.TypeChar, Name: "a"}}
	overlayOpaque := dir("d", 0o755)
	overlayOpaque.PAXRecords = map[string]string{"SCHILY.xattr.trusted.overlay.opaque": "y"}
	fifo := imagetest.Entry{Header: tar.Header{Typeflag: tar.TypeFifo, Name: "fifo", Mode: 0o600}}
	long := strings.Repeat("n", 255)

	for name, test := range map[string]struct {
		layers []layer
		want   string
	}{
		"a later file replaces an earlier one":         {[]layer{{file("a", "1")}, {file("a", "2")}}, "a=2"},
		"a file replaces a directory":                  {[]layer{{dir("a", 0o755), file("a/b", "1")}, {file("a", "2")}}, "a=2"},
		"a directory replaces a file":                  {[]layer{{file("a", "1")}, {dir("a", 0o755), file("a/b", "2")}}, "a/ a/b=2"},
		"a directory replaces a link to a directory":   {[]layer{{dir("d", 0o755), symlink("a", "d")}, {dir("a", 0o755), file("a/b", "1")}}, "a/ a/b=1 d/"},
		"a directory stays with its content":           {[]layer{{dir("a", 0o755), file("a/b", "1")}, {dir("a", 0o700)}}, "a/ a/b=1"},
		"a link to a directory is gone through":        {[]layer{{dir("usr/lib", 0o755), symlink("lib", "usr/lib")}, {file("lib/a", "1")}}, "lib>usr/lib usr/ usr/lib/ usr/lib/a=1"},
		"an absolute link stays within the root":       {[]layer{{dir("srv", 0o755), symlink("a", "/srv")}, {file("a/b", "1")}}, "a>/srv srv/ srv/b=1"},
		"missing folders are made":                     {[]layer{{file("a/b/c", "1")}}, "a/ a/b/ a/b/c=1"},
		"a file in the way of a folder gives way":      {[]layer{{file("a", "1")}, {file("a/b", "2")}}, "a/ a/b=2"},
		"a dead link in the way of a folder gives way": {[]layer{{symlink("a", "nowhere")}, {file("a/b", "2")}}, "a/ a/b=2"},
		"a circle of links gives way":                  {[]layer{{symlink("a", "b"), symlink("b", "a")}, {file("a/c", "1")}}, "a/ a/c=1 b>a"},
		"a leading slash means the root":               {[]layer{{file("/a", "1"), dir("./b/.", 0o755)}}, "a=1 b/"},
		"a whiteout removes a file":                    {[]layer{{file("a", "1"), file("b", "2")}, {file(".wh.a", "")}}, "b=2"},
		"a whiteout removes a directory":               {[]layer{{file("d/a/b", "1")}, {file("d/.wh.a", "")}}, "d/"},
		"a whiteout of nothing is none":                {[]layer{{file("x/.wh.a", "")}}, ""},
		"a whiteout spares its own layer":              {[]layer{{file("a", "1")}, {file("a", "2"), file(".wh.a", "")}}, "a=2"},
		"opaque: only the present layer counts":        {[]layer{{file("d/a", "1"), file("d/s/b", "1")}, {file("d/c", "2"), file("d/.wh..wh..opq", ""), file("d/e", "2")}}, "d/ d/c=2 d/e=2"},
		"opaque: new entries below old folders stay":   {[]layer{{file("d/s/b", "1")}, {file("d/s/n", "2"), file("d/.wh..wh..opq", "")}}, "d/ d/s/ d/s/n=2"},
		"overlayfs's whiteout":                         {[]layer{{file("a", "1")}, {overlayWhiteout}}, ""},
		"overlayfs's opaque directory":                 {[]layer{{file("d/a", "1")}, {overlayOpaque, file("d/b", "2")}}, "d/ d/b=2"},
		"aufs's own files are left out":                {[]layer{{file(".wh..wh.aufs", ""), file("a", "1")}}, "a=1"},
		"devices are left out":                         {[]layer{{file("dev/null", "1")}, {device}}, "dev/"},
		"a named pipe":                                 {[]layer{{fifo}}, "fifo|"},
		"hard links share content":                     {[]layer{{file("a", "1"), hardLink("b", "a"), hardLink("c", "/b")}}, "a=1 b=1 c=1"},
		"a hard link to an earlier layer":              {[]layer{{file("a", "1")}, {hardLink("b", "a")}}, "a=1 b=1"},
		"a hard link to itself is nothing":             {[]layer{{file("a", "1"), hardLink("a", "a")}}, "a=1"},
		"a hard link to a link":                        {[]layer{{symlink("a", "/etc/passwd"), hardLink("b", "a")}}, "a>/etc/passwd b>/etc/passwd"},
		"long names":                                   {[]layer{{file("d/"+long, "1"), hardLink("h", "d/"+long)}}, "d/ d/" + long + "=1 h=1"},
		"names that are no UTF-8":                      {[]layer{{file("a\xff\xfe", "1")}}, "a\xff\xfe=1"},
	} {
		t.Run(name, func(t *testing.T) {
			root, summary, err := unpacked(t, test.layers...)
			must(t, err)
			got := listing(t, root)
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if count := len(strings.Fields(got)); summary.Entries != count {
				t.Errorf("%d entries counted, %d there", summary.Entries, count)
			}
		})
	}
}

func TestModesTimesAndOwnersAreKept(t *testing.T) {
	moment := time.Unix(1_600_000_000, 0)
	program := file("d/program", "x")
	program.Mode, program.ModTime = 0o4755, moment
	closed := dir("d", 0)
	closed.ModTime = moment
	sticky := dir("tmp", 0o1777)
	if os.Geteuid() == 0 {
		program.Uid, program.Gid, closed.Uid = 1234, 5678, 42
	}
	// The second layer puts something into a directory that nobody may write to.
	root, _, err := unpacked(t, layer{closed, program, sticky}, layer{file("d/later", "y")})
	must(t, err)
	for name, want := range map[string]struct {
		mode, uid, gid uint32
	}{"d/program": {0o4755, 1234, 5678}, "d": {0, 42, 0}, "tmp": {0o1777, 0, 0}} {
		var stat unix.Stat_t
		must(t, unix.Lstat(filepath.Join(root, name), &stat))
		if stat.Mode&0o7777 != want.mode || stat.Uid != want.uid || stat.Gid != want.gid {
			t.Errorf("%s: mode %o owner %d:%d", name, stat.Mode&0o7777, stat.Uid, stat.Gid)
		}
		if name != "tmp" && stat.Mtim.Sec != moment.Unix() {
			t.Errorf("%s: time %v", name, stat.Mtim)
		}
	}
}

func TestExtendedAttributesOfProgramsAreKeptAndThoseOfTheHostAreNot(t *testing.T) {
	program := file("program", "x")
	program.PAXRecords = map[string]string{
		"SCHILY.xattr.user.colour": "red", "SCHILY.xattr.security.selinux": "system_u", "SCHILY.xattr.trusted.x": "1",
	}
	root, summary, err := unpacked(t, layer{program})
	must(t, err)
	value := make([]byte, 10)
	count, err := unix.Getxattr(filepath.Join(root, "program"), "user.colour", value)
	must(t, err)
	if string(value[:count]) != "red" {
		t.Errorf("got %q", value[:count])
	}
	if notes := strings.Join(summary.Notes, "\n"); !strings.Contains(notes, "security.selinux") || !strings.Contains(notes, "trusted.x") {
		t.Errorf("what is left out is not said: %s", notes)
	}
}

func TestHolesStayHoles(t *testing.T) {
	const size = 8 << 20
	root, _, err := unpacked(t, layer{file("sparse", "start"+strings.Repeat("\x00", size)), file("zeros", strings.Repeat("\x00", size))})
	must(t, err)
	for name, want := range map[string]int64{"sparse": size + 5, "zeros": size} {
		var stat unix.Stat_t
		must(t, unix.Stat(filepath.Join(root, name), &stat))
		if stat.Size != want || stat.Blocks*512 > 1<<20 {
			t.Errorf("%s: %d bytes in %d", name, stat.Size, stat.Blocks*512)
		}
	}
}

func TestCompressionIsFoundInTheLayerItself(t *testing.T) {
	archive := imagetest.Tar(t, file("a", "1"))
	var gzipped, zstandard bytes.Buffer
	zip := gzip.NewWriter(&gzipped)
	_, err := zip.Write(archive)
	must(t, err)
	must(t, zip.Close())
	encoder, err := zstd.NewWriter(&zstandard)
	must(t, err)
	_, err = encoder.Write(archive)
	must(t, err)
	must(t, encoder.Close())
	for name, content := range map[string][]byte{"plain": archive, "gzip": gzipped.Bytes(), "zstd": zstandard.Bytes()} {
		root := t.TempDir()
		tree, err := Open(root, Usual)
		must(t, err)
		must(t, tree.Apply(context.Background(), bytes.NewReader(content), int64(len(content))))
		must(t, tree.Close())
		if got := listing(t, root); got != "a=1" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestMountPointsAreMadeWithinTheTree(t *testing.T) {
	outside := t.TempDir()
	must(t, os.WriteFile(filepath.Join(outside, "hosts"), []byte("of the host"), 0o644))
	root, err := os.MkdirTemp(t.TempDir(), "")
	must(t, err)
	tree, err := Open(root, Usual)
	must(t, err)
	defer tree.Close()
	archive := imagetest.Tar(t, symlink("run", outside), symlink("etc", "../../../../.."+outside), dir("var/real", 0o755), symlink("srv", "var/real"),
		symlink("workspace", outside), file("tmp", "a file"), symlink("proc", "nowhere"))
	must(t, tree.Apply(context.Background(), bytes.NewReader(archive), int64(len(archive))))
	must(t, tree.Provide([]MountPoint{
		{Path: "/run/pyro", Kind: "directory", Mode: 0o700}, {Path: "/etc/hosts", Kind: "file", Mode: 0o644, Text: "guest"}, {Path: "srv/data", Kind: "directory", Mode: 0o755},
		{Path: "workspace", Kind: "directory", Mode: 0o755}, {Path: "tmp", Kind: "directory", Mode: 0o1777}, {Path: "proc", Kind: "directory", Mode: 0o555}, {Path: "/", Kind: "directory", Mode: 0o755},
	}))
	summary, err := tree.Finish()
	must(t, err)
	got := listing(t, root)
	for _, want := range []string{"run/ run/pyro/", "etc/ etc/hosts=guest", "var/real/data/", "workspace/", "tmp/", "proc/"} {
		if !strings.Contains(" "+got+" ", " "+want+" ") {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if got := listing(t, outside); got != "hosts=of the host" {
		t.Errorf("the host was changed: %s", got)
	}
	if notes := fmt.Sprint(summary.Notes); !strings.Contains(notes, "/workspace") || !strings.Contains(notes, "/tmp") {
		t.Errorf("what was replaced is not said: %s", notes)
	}
}
