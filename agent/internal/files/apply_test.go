// Changes that take place.

package files

import (
	"crypto/sha256"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func expectContentOf(t testing.TB, g *guest, path, want string) {
	t.Helper()
	if got := g.content(t, path); got != want {
		t.Errorf("%s has %.100q instead of %.100q", path, got, want)
	}
}

func statOf(t testing.TB, path string) (stat unix.Stat_t) {
	t.Helper()
	must(t, unix.Lstat(path, &stat))
	return stat
}

func expectMode(t testing.TB, g *guest, path string, want uint32) {
	t.Helper()
	if stat := statOf(t, g.path(path)); stat.Mode&maxMode != want {
		t.Errorf("%s has mode %o instead of %o", path, stat.Mode&maxMode, want)
	}
}

func TestApplyMakesEveryKindOfChange(t *testing.T) {
	g := newGuest(t)
	g.put(t, "old", "old")
	g.put(t, "gone", "x")
	g.put(t, "tree/a/b", "x")
	must(t, os.Mkdir(g.path("empty"), 0o755))
	result := g.mustApply(t,
		write("new/deep/file", "new"),
		write("old", "changed"),
		removal("gone"),
		removal("tree"),
		directory("dir", 0o750),
		directory("plain/sub", 0),
		symlink("link", "old"),
		hardLink("hard", "new/deep/file"),
		mode("old", 0o4755),
		&agentv1.ApplyStep{Step: &agentv1.ApplyStep_Remove{Remove: &agentv1.Remove{Path: []byte("empty"), OnlyEmptyDirectory: true}}},
	)
	expectContentOf(t, g, "new/deep/file", "new")
	expectContentOf(t, g, "old", "changed")
	expectContentOf(t, g, "hard", "new")
	expectMode(t, g, "new/deep/file", 0o644)
	expectMode(t, g, "new/deep", 0o755)
	expectMode(t, g, "dir", 0o750)
	expectMode(t, g, "plain/sub", 0o755)
	expectMode(t, g, "old", 0o4755)
	if target, err := os.Readlink(g.path("link")); err != nil || target != "old" {
		t.Errorf("%q %v", target, err)
	}
	if statOf(t, g.path("hard")).Ino != statOf(t, g.path("new/deep/file")).Ino {
		t.Error("the hard link is another file")
	}
	for _, path := range []string{"gone", "tree", "empty"} {
		if _, err := os.Lstat(g.path(path)); !os.IsNotExist(err) {
			t.Errorf("%s: %v", path, err)
		}
	}
	// Created: the file, both directories, the links. Replaced: the file and its mode.
	if result.GetCreatedCount() != 5 || result.GetReplacedCount() != 2 || result.GetRemovedCount() != 3 || result.GetBytesWritten() != 10 {
		t.Errorf("%v", result)
	}
	expectNoStage(t, g)
}

func TestAFileIsReplacedAsAWholeAndKeepsItsMode(t *testing.T) {
	g := newGuest(t)
	g.put(t, "file", "a long content that was there before")
	must(t, unix.Chmod(g.path("file"), 0o751))
	held, err := os.Open(g.path("file"))
	must(t, err)
	defer held.Close()
	g.mustApply(t, write("file", "short"))
	expectContentOf(t, g, "file", "short")
	expectMode(t, g, "file", 0o751)
	// Whoever has it open still reads the old one.
	old := make([]byte, 6)
	if _, err := held.ReadAt(old, 0); err != nil || string(old) != "a long" {
		t.Errorf("%q %v", old, err)
	}
	g.mustApply(t, writeAs(&agentv1.WriteFile{Path: []byte("file"), Mode: 0o600, MtimeNs: 1_600_000_000_123_456_789}, "again"))
	expectMode(t, g, "file", 0o600)
	if stat := statOf(t, g.path("file")); stat.Mtim.Nano() != 1_600_000_000_123_456_789 {
		t.Errorf("mtime %d", stat.Mtim.Nano())
	}
}

func TestAFileKeepsItsOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	g := newGuest(t)
	g.put(t, "file", "x")
	must(t, os.Chown(g.path("file"), 1234, 2345))
	must(t, unix.Chmod(g.path("file"), 0o6755))
	g.mustApply(t, write("file", "y"))
	if stat := statOf(t, g.path("file")); stat.Uid != 1234 || stat.Gid != 2345 || stat.Mode&maxMode != 0o6755 {
		t.Errorf("%d:%d %o", stat.Uid, stat.Gid, stat.Mode)
	}
}

func TestGapsAreHoles(t *testing.T) {
	g := newGuest(t)
	const size = 100 << 20
	data := func(offset uint64, text string) *agentv1.ApplyStep {
		return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Data{Data: &agentv1.FileData{Offset: offset, Bytes: []byte(text)}}}
	}
	g.mustApply(t, &agentv1.ApplyStep{Step: &agentv1.ApplyStep_WriteFile{WriteFile: &agentv1.WriteFile{Path: []byte("sparse"), Size: size}}},
		data(5, "early"), data(50<<20, "late"))
	stat := statOf(t, g.path("sparse"))
	if stat.Size != size || stat.Blocks*512 > 1<<20 {
		t.Errorf("%d bytes in %d blocks", stat.Size, stat.Blocks)
	}
	file, err := os.Open(g.path("sparse"))
	must(t, err)
	defer file.Close()
	piece := make([]byte, 11)
	_, err = file.ReadAt(piece, 0)
	must(t, err)
	if string(piece) != "\x00\x00\x00\x00\x00early\x00" {
		t.Errorf("%q", piece)
	}
	_, err = file.ReadAt(piece, 50<<20)
	must(t, err)
	if string(piece[:5]) != "late\x00" {
		t.Errorf("%q", piece)
	}
}

func TestWritingFollowsLinksThatStayInside(t *testing.T) {
	g := newGuest(t)
	g.put(t, "real/file", "x")
	must(t, unix.Chmod(g.path("real/file"), 0o600))
	must(t, os.Symlink("real/file", g.path("relative")))
	must(t, os.Symlink("../relative", g.path("real/second")))
	must(t, os.Symlink(g.path("real"), g.path("absolute")))
	must(t, os.Symlink("real/new", g.path("dangling")))
	must(t, os.Symlink(g.path("made/new"), g.path("far")))
	g.mustApply(t, write("real/second", "one"))
	expectContentOf(t, g, "real/file", "one")
	expectMode(t, g, "real/file", 0o600)
	g.mustApply(t, write("absolute/file", "two"), write("dangling", "three"), write("far", "four"))
	expectContentOf(t, g, "real/file", "two")
	expectContentOf(t, g, "real/new", "three")
	expectContentOf(t, g, "made/new", "four")
	for _, link := range []string{"relative", "real/second", "absolute", "dangling", "far"} {
		if stat := statOf(t, g.path(link)); !isLink(&stat) {
			t.Errorf("%s is no link any more", link)
		}
	}
}

func TestLinksThemselvesAreRemovedAndReplaced(t *testing.T) {
	g := newGuest(t)
	g.put(t, "real", "x")
	must(t, os.Symlink("real", g.path("one")))
	must(t, os.Symlink("/etc/passwd", g.path("two")))
	g.mustApply(t, removal("one"), symlink("two", "real"), hardLink("three", "two"))
	expectContentOf(t, g, "real", "x")
	if _, err := os.Lstat(g.path("one")); !os.IsNotExist(err) {
		t.Error(err)
	}
	expectContentOf(t, g, "two", "x")
	if stat := statOf(t, g.path("three")); !isLink(&stat) {
		t.Error("the target was linked, not the link")
	}
}

func TestStepsSeeWhatStepsBeforeThemDid(t *testing.T) {
	g := newGuest(t)
	g.put(t, "d/file", "x")
	g.put(t, "f", "x")
	g.mustApply(t,
		removal("d"), write("d", "a file now"),
		removal("f"), write("f/file", "a directory now"),
		write("x", "1"), hardLink("y", "x"), removal("x"), write("x", "2"),
		symlink("s", "f"), write("s/more", "through the link"),
		write("one/a", "1"), symlink("l", "one"), write("l/b", "2"), directory("two", 0), symlink("l", "two"), write("l/c", "3"), removal("l"), write("l/d", "4"),
		directory("m", 0), mode("m", 0o700), write("m/file", "z"),
	)
	expectContentOf(t, g, "d", "a file now")
	expectContentOf(t, g, "f/file", "a directory now")
	expectContentOf(t, g, "f/more", "through the link")
	expectContentOf(t, g, "x", "2")
	expectContentOf(t, g, "y", "1")
	expectMode(t, g, "m", 0o700)
	for path, want := range map[string]string{"one/a": "1", "one/b": "2", "two/c": "3", "l/d": "4"} {
		expectContentOf(t, g, path, want)
	}
}

func TestHardLinksOfOneFileReplaceEachOther(t *testing.T) {
	g := newGuest(t)
	g.put(t, "a", "x")
	must(t, os.Link(g.path("a"), g.path("b")))
	g.mustApply(t, hardLink("a", "b"), hardLink("a", "a"))
	if statOf(t, g.path("a")).Nlink != 2 {
		t.Error("another number of links")
	}
	// A file that is written gets a life of its own.
	g.mustApply(t, write("a", "y"))
	expectContentOf(t, g, "b", "x")
}

func TestConditionsThatHold(t *testing.T) {
	g := newGuest(t)
	g.put(t, "a", "before")
	g.put(t, "b", "other")
	before, other := sha256.Sum256([]byte("before")), sha256.Sum256([]byte("other"))
	g.mustApply(t,
		writeAs(&agentv1.WriteFile{Path: []byte("a"), ExpectedSha256: before[:]}, "after"),
		writeAs(&agentv1.WriteFile{Path: []byte("new"), MustNotExist: true}, "new"),
		&agentv1.ApplyStep{Step: &agentv1.ApplyStep_Remove{Remove: &agentv1.Remove{Path: []byte("b"), ExpectedSha256: other[:]}}},
	)
	expectContentOf(t, g, "a", "after")
	expectContentOf(t, g, "new", "new")
}

func TestOnlyEmptyDirectoriesAreRemovedInSilence(t *testing.T) {
	g := newGuest(t)
	g.put(t, "full/file", "x")
	g.put(t, "deep/one/file", "x")
	prune := func(path string) *agentv1.ApplyStep {
		return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Remove{Remove: &agentv1.Remove{Path: []byte(path), OnlyEmptyDirectory: true}}}
	}
	result := g.mustApply(t, removal("deep/one/file"), prune("deep/one"), prune("deep"), prune("full"), prune("none"), prune("none/none"))
	if result.GetRemovedCount() != 3 {
		t.Errorf("%v", result)
	}
	expectContentOf(t, g, "full/file", "x")
	if _, err := os.Lstat(g.path("deep")); !os.IsNotExist(err) {
		t.Error(err)
	}
}

func TestNamesAreBytes(t *testing.T) {
	g := newGuest(t)
	name := "new\nline \xff\x01 ü'\""
	g.mustApply(t, write(name+"/"+name, "x"), symlink("link", name))
	expectContentOf(t, g, name+"/"+name, "x")
	long := strings.Repeat("n", 255)
	g.mustApply(t, write(long, "y"))
	expectContentOf(t, g, long, "y")
}
