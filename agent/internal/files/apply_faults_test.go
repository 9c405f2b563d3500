// Changes that fail leave everything as it was.

package files

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// furnished is a guest with some of everything in it, and old times.
func furnished(t *testing.T) *guest {
	t.Helper()
	g := newGuest(t)
	furnish(t, g)
	return g
}

func furnish(t *testing.T, g *guest) {
	t.Helper()
	for _, path := range []string{"file", "other", "dir/file", "dir/sub/file", "tree/a/b/c", "tree/d", "full/file"} {
		g.put(t, path, "content of "+path)
	}
	must(t, os.Link(g.path("file"), g.path("hard")))
	must(t, os.Symlink("file", g.path("link")))
	must(t, os.Symlink("nowhere", g.path("dangling")))
	must(t, os.Symlink("dir", g.path("dirlink")))
	must(t, os.Mkdir(g.path("empty"), 0o700))
	must(t, unix.Chmod(g.path("empty"), 0o2750))
	must(t, unix.Chmod(g.path("other"), 0o4711))
	must(t, os.Symlink("/etc", g.path("out")))
	must(t, filepath.Walk(g.root, func(path string, _ os.FileInfo, _ error) error {
		return unix.UtimesNanoAt(unix.AT_FDCWD, path, []unix.Timespec{{Sec: 1}, {Sec: 1_500_000_000, Nsec: 123_456_789}}, unix.AT_SYMLINK_NOFOLLOW)
	}))
}

// everything is a list of changes of all kinds, which would succeed.
func everything() []*agentv1.ApplyStep {
	return list(
		write("file", "changed"), write("link", "through the link"), write("dangling", "made"), write("new/deep/file", "new"), write("dir/file", "changed"),
		writeAs(&agentv1.WriteFile{Path: []byte("other"), Mode: 0o600, MtimeNs: 7}, "x"),
		removal("tree"), write("tree", "a file"), removal("hard"), hardLink("hard", "dir/file"), hardLink("dir/sub/file", "file"),
		symlink("dir/sub/link", "x"), symlink("link", "elsewhere"), removal("dirlink"), directory("dirlink/made", 0o700), mode("dir", 0o711), mode("dir/sub", 0),
		mode("dir/sub", 0o755), mode("full/file", 0o4000), directory("full", 0o1777),
		&agentv1.ApplyStep{Step: &agentv1.ApplyStep_Remove{Remove: &agentv1.Remove{Path: []byte("empty"), OnlyEmptyDirectory: true}}},
		write("empty", "a file"), removal("full/file"), removal("full"), removal("new/deep"), removal("dir"),
	)
}

func TestAFailureAfterAnyNumberOfChangesLeavesNoTrace(t *testing.T) {
	all := everything()
	g := furnished(t)
	before := snapshot(t, g.root)
	for n := range all {
		steps := all[:n+1]
		if steps[n].GetWriteFile() != nil {
			continue // Its data is missing: the file would be of zeros.
		}
		_, err := g.applied(t.Context(), list(steps, removal("does/not/exist"))...)
		if about := expectCode(t, err, connect.CodeNotFound); string(about.GetPath()) != "does/not/exist" {
			t.Fatalf("after %d: %v", n, err)
		}
		expectUnchanged(t, g.root, before)
		if t.Failed() {
			t.Fatalf("after %d steps", n+1)
		}
	}
	expectNoStage(t, g)
	// The changes do take place when nothing fails.
	must(t, g.apply(t.Context(), all...))
}

func TestEveryKindOfFailureIsToldAndLeavesNoTrace(t *testing.T) {
	digest := sha256.Sum256([]byte("something else"))
	remove := func(request *agentv1.Remove) *agentv1.ApplyStep {
		return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Remove{Remove: request}}
	}
	for _, c := range []struct {
		name  string
		steps []*agentv1.ApplyStep
		code  connect.Code
		about string
	}{
		{"a directory in the way of a file", write("dir", "x"), connect.CodeFailedPrecondition, "dir"},
		{"a directory in the way of a link", list(symlink("dir", "x")), connect.CodeFailedPrecondition, "dir"},
		{"a directory in the way of a hard link", list(hardLink("dir", "file")), connect.CodeFailedPrecondition, "dir"},
		{"a file in the way of a directory", list(directory("file", 0)), connect.CodeFailedPrecondition, "file"},
		{"a file in the way of a parent", write("file/x", "x"), connect.CodeFailedPrecondition, "file"},
		{"a dangling link in the way of a directory", list(directory("dangling", 0)), connect.CodeFailedPrecondition, "dangling"},
		{"a dangling link in the way of a parent", write("dangling/x", "x"), connect.CodeFailedPrecondition, "dangling"},
		{"a hard link to nothing", list(hardLink("x", "none")), connect.CodeNotFound, "none"},
		{"a hard link to a directory", list(hardLink("x", "dir")), connect.CodeFailedPrecondition, "dir"},
		{"removal of nothing", list(removal("none")), connect.CodeNotFound, "none"},
		{"removal in nothing", list(removal("none/none")), connect.CodeNotFound, "none/none"},
		{"removal in a file", list(removal("file/none")), connect.CodeFailedPrecondition, "file"},
		{"pruning of a file", list(remove(&agentv1.Remove{Path: []byte("file"), OnlyEmptyDirectory: true})), connect.CodeFailedPrecondition, "file"},
		{"mode of nothing", list(mode("none", 0o600)), connect.CodeNotFound, "none"},
		{"mode of a dangling link", list(mode("dangling", 0o600)), connect.CodeNotFound, "dangling"},
		{"other content", writeAs(&agentv1.WriteFile{Path: []byte("file"), ExpectedSha256: digest[:]}, "x"), connect.CodeAborted, "file"},
		{"content of nothing", writeAs(&agentv1.WriteFile{Path: []byte("none"), ExpectedSha256: digest[:]}, "x"), connect.CodeAborted, "none"},
		{"content of a directory", writeAs(&agentv1.WriteFile{Path: []byte("dir"), ExpectedSha256: digest[:]}, "x"), connect.CodeAborted, "dir"},
		{"other content at a removal", list(remove(&agentv1.Remove{Path: []byte("file"), ExpectedSha256: digest[:]})), connect.CodeAborted, "file"},
		{"content of a link at a removal", list(remove(&agentv1.Remove{Path: []byte("link"), ExpectedSha256: digest[:]})), connect.CodeAborted, "link"},
		{"a file that must not exist", writeAs(&agentv1.WriteFile{Path: []byte("file"), MustNotExist: true}, "x"), connect.CodeAborted, "file"},
		{"a link that must not exist", writeAs(&agentv1.WriteFile{Path: []byte("dangling"), MustNotExist: true}, "x"), connect.CodeAborted, "dangling"},
		{"writing outside", write("out/pyro-test", "x"), connect.CodePermissionDenied, "out/pyro-test"},
		{"a directory outside", list(directory("out/pyro-test", 0)), connect.CodePermissionDenied, "out/pyro-test"},
		{"removal outside", list(removal("out/hostname")), connect.CodePermissionDenied, "out/hostname"},
		{"mode outside", list(mode("out", 0o777)), connect.CodePermissionDenied, "out"},
		{"a hard link to outside", list(hardLink("x", "out/hostname")), connect.CodePermissionDenied, "out/hostname"},
		{"a name that is too long", write(strings.Repeat("n", 256), "x"), connect.CodeInvalidArgument, strings.Repeat("n", 256)},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := furnished(t)
			before := snapshot(t, g.root)
			err := g.apply(t.Context(), list(write("other", "first"), write("made/first", "x"), removal("tree"), c.steps)...)
			if about := expectCode(t, err, c.code); string(about.GetPath()) != c.about {
				t.Errorf("the error is about %q: %v", about.GetPath(), err)
			}
			expectUnchanged(t, g.root, before)
			expectNoStage(t, g)
		})
	}
}

func TestStreamsThatBreakTheProtocolLeaveNoTrace(t *testing.T) {
	start := &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Start{Start: &agentv1.ApplyStart{Root: workspace}}}
	commit := &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Commit{Commit: &agentv1.ApplyCommit{}}}
	data := func(offset uint64, text string) *agentv1.ApplyStep {
		return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Data{Data: &agentv1.FileData{Offset: offset, Bytes: []byte(text)}}}
	}
	file := func(size uint64) *agentv1.ApplyStep {
		return &agentv1.ApplyStep{Step: &agentv1.ApplyStep_WriteFile{WriteFile: &agentv1.WriteFile{Path: []byte("file"), Size: size}}}
	}
	for name, steps := range map[string][]*agentv1.ApplyStep{
		"nothing":                     nil,
		"no start":                    list(write("file", "x"), commit),
		"no commit":                   list(start, write("file", "x")),
		"two starts":                  list(start, start, commit),
		"a step after the commit":     list(start, commit, removal("file")),
		"data without a file":         list(start, data(0, "x"), commit),
		"data after a removal":        list(start, file(1), removal("other"), data(0, "x"), commit),
		"data beyond the size":        list(start, file(3), data(0, "xxxx"), commit),
		"data far beyond the size":    list(start, file(3), data(1<<63, "x"), commit),
		"data backwards":              list(start, file(9), data(4, "x"), data(3, "x"), commit),
		"an empty step":               list(start, &agentv1.ApplyStep{}, commit),
		"the root as a file":          list(start, write("", "x"), commit),
		"removal of the root":         list(start, removal(""), commit),
		"a path with dots":            list(start, write("a/../b", "x"), commit),
		"an absolute path":            list(start, write("/etc/x", "x"), commit),
		"a mode that is a type":       list(start, mode("file", unix.S_IFDIR|0o755), commit),
		"a link to nothing":           list(start, symlink("x", ""), commit),
		"a link with a NUL":           list(start, symlink("x", "a\x00b"), commit),
		"a hard link to the root":     list(start, hardLink("x", ""), commit),
		"half a digest":               list(start, writeAs(&agentv1.WriteFile{Path: []byte("file"), ExpectedSha256: []byte("half")}, "x"), commit),
		"a size that is no file's":    list(start, file(1<<63), commit),
		"a root that is no path":      list(&agentv1.ApplyStep{Step: &agentv1.ApplyStep_Start{Start: &agentv1.ApplyStart{Root: "x"}}}, commit),
		"the second of two in a step": list(start, removal("file"), file(1), data(0, "xx"), commit),
	} {
		g := furnished(t)
		before := snapshot(t, g.root)
		_, err := g.send(t.Context(), steps...)
		expectCode(t, err, connect.CodeInvalidArgument)
		expectUnchanged(t, g.root, before)
		expectNoStage(t, g)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

func TestAFullDiskLeavesNoTrace(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	g := newGuest(t)
	disk := t.TempDir()
	must(t, unix.Mount("none", disk, "tmpfs", 0, "size=1m"))
	t.Cleanup(func() { must(t, unix.Unmount(disk, unix.MNT_DETACH)) })
	g.service.base = disk
	g.base, g.root = disk, filepath.Join(disk, workspace)
	must(t, os.Mkdir(g.root, 0o755))
	furnish(t, g)
	before := snapshot(t, g.root)
	steps := list(write("file", "changed"), removal("tree"))
	for i := range 20 {
		steps = append(steps, write(fmt.Sprintf("large%d", i), strings.Repeat("x", 100_000))...)
	}
	err := g.apply(t.Context(), steps...)
	if about := expectCode(t, err, connect.CodeResourceExhausted); !about.GetDiskFull() || string(about.GetPath()) == "" {
		t.Errorf("%v: %v", err, about)
	}
	expectUnchanged(t, g.root, before)
	expectNoStage(t, g)
	// Without a byte left, files can still be removed.
	filler, err := os.Create(g.base + "/filler")
	must(t, err)
	defer filler.Close()
	for err == nil {
		_, err = filler.Write(make([]byte, 4096))
	}
	must(t, g.apply(t.Context(), removal("tree")))
}

func TestSomethingMountedInTheRootIsNoPlaceForAStage(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can mount")
	}
	g := furnished(t)
	must(t, os.Mkdir(g.path("mounted"), 0o755))
	must(t, unix.Mount("none", g.path("mounted"), "tmpfs", 0, ""))
	t.Cleanup(func() { must(t, unix.Unmount(g.path("mounted"), unix.MNT_DETACH)) })
	before := snapshot(t, g.root)
	expectCode(t, g.apply(t.Context(), list(write("file", "x"), write("mounted/file", "x"))...), connect.CodeFailedPrecondition)
	expectUnchanged(t, g.root, before)
	expectCode(t, g.apply(t.Context(), removal("mounted")), connect.CodeFailedPrecondition)
	// A root of its own file system has its stage in itself.
	start := &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Start{Start: &agentv1.ApplyStart{Root: workspace + "/mounted"}}}
	commit := &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Commit{Commit: &agentv1.ApplyCommit{}}}
	_, err := g.send(t.Context(), list(start, write("file", "x"), commit)...)
	must(t, err)
	expectContentOf(t, g, "mounted/file", "x")
	if names, err := os.ReadDir(g.path("mounted")); err != nil || len(names) != 1 {
		t.Errorf("%v %v", names, err)
	}
}
