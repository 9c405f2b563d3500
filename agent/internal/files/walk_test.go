// What a walk reports, and in which order.

package files

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

type walkResult struct {
	entries []*agentv1.Entry
	last    *agentv1.WalkResponse
}

func (g *guest) walk(t testing.TB, request *agentv1.WalkRequest) (result walkResult, err error) {
	t.Helper()
	request.Root = workspace
	stream, err := g.client.Walk(t.Context(), connect.NewRequest(request))
	must(t, err)
	defer stream.Close()
	for stream.Receive() {
		result.last = stream.Msg()
		result.entries = append(result.entries, stream.Msg().GetEntries()...)
	}
	return result, stream.Err()
}

func (g *guest) mustWalk(t testing.TB, request *agentv1.WalkRequest) walkResult {
	t.Helper()
	result, err := g.walk(t, request)
	must(t, err)
	return result
}

func (r walkResult) paths() (paths []string) {
	for _, entry := range r.entries {
		paths = append(paths, string(entry.GetPath()))
	}
	return paths
}

func (r walkResult) ignored() map[string]uint64 {
	ignored := map[string]uint64{}
	for _, each := range r.last.GetIgnored() {
		ignored[string(each.GetPath())] = each.GetEntryCount()
	}
	return ignored
}

func expectPaths(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%q instead of %q", got, want)
	}
}

func TestWalkIsInTheOrderOfWholePaths(t *testing.T) {
	g := newGuest(t)
	for _, path := range []string{"a/x", "a-b", "a!/y/z", "a.c/q", "ab", "a/!", "\xff/ü", "B"} {
		g.put(t, path, "")
	}
	expectPaths(t, g.mustWalk(t, &agentv1.WalkRequest{Recursive: true}).paths(),
		"B", "a", "a!", "a!/y", "a!/y/z", "a-b", "a.c", "a.c/q", "a/!", "a/x", "ab", "\xff", "\xff/ü")
}

func TestWalkOfOneDirectoryStaysInIt(t *testing.T) {
	g := newGuest(t)
	g.put(t, "a/b/c", "")
	g.put(t, "a/d", "")
	expectPaths(t, g.mustWalk(t, &agentv1.WalkRequest{}).paths(), "a")
	expectPaths(t, g.mustWalk(t, &agentv1.WalkRequest{Path: []byte("a")}).paths(), "a/b", "a/d")
	expectPaths(t, g.mustWalk(t, &agentv1.WalkRequest{Path: []byte("a"), Recursive: true}).paths(), "a/b", "a/b/c", "a/d")
}

func TestEntriesSayWhatThereIs(t *testing.T) {
	g := newGuest(t)
	g.put(t, "file", "12345")
	must(t, unix.Chmod(g.path("file"), 0o4751))
	must(t, os.Link(g.path("file"), g.path("other")))
	must(t, os.Symlink("somewhere/ü\xff", g.path("link")))
	must(t, unix.Mkfifo(g.path("pipe"), 0o600))
	must(t, os.Mkdir(g.path("tmp"), 0o777))
	must(t, unix.Chmod(g.path("tmp"), 0o1777))
	must(t, unix.Utimes(g.path("file"), []unix.Timeval{{}, {Sec: 1_700_000_000, Usec: 5}}))
	entries := map[string]*agentv1.Entry{}
	for _, entry := range g.mustWalk(t, &agentv1.WalkRequest{}).entries {
		entries[string(entry.GetPath())] = entry
	}
	file := entries["file"]
	if file.GetMode() != unix.S_IFREG|0o4751 || file.GetSize() != 5 || file.GetMtimeNs() != 1_700_000_000_000_005_000 || file.GetCtimeNs() == 0 {
		t.Errorf("%v", file)
	}
	if file.GetLinkId() == 0 || file.GetLinkId() != entries["other"].GetLinkId() {
		t.Errorf("links %v and %v", file.GetLinkId(), entries["other"].GetLinkId())
	}
	if link := entries["link"]; link.GetMode()&unix.S_IFMT != unix.S_IFLNK || string(link.GetLinkTarget()) != "somewhere/ü\xff" || link.GetSize() != 0 || link.GetLinkId() != 0 {
		t.Errorf("%v", link)
	}
	if pipe := entries["pipe"]; pipe.GetMode() != unix.S_IFIFO|0o600 {
		t.Errorf("%v", pipe)
	}
	if tmp := entries["tmp"]; tmp.GetMode() != unix.S_IFDIR|0o1777 || tmp.GetSize() != 0 || tmp.GetLinkId() != 0 {
		t.Errorf("%v", tmp)
	}
}

func TestWalkStopsAtItsLimitAndSaysSo(t *testing.T) {
	g := newGuest(t)
	for i := range 1200 {
		g.put(t, fmt.Sprintf("%04d", i), "")
	}
	result := g.mustWalk(t, &agentv1.WalkRequest{MaxEntries: 1199})
	if len(result.entries) != 1199 || !result.last.GetTruncated() {
		t.Errorf("%d entries, truncated %v", len(result.entries), result.last.GetTruncated())
	}
	result = g.mustWalk(t, &agentv1.WalkRequest{MaxEntries: 1200})
	if len(result.entries) != 1200 || result.last.GetTruncated() {
		t.Errorf("%d entries, truncated %v", len(result.entries), result.last.GetTruncated())
	}
}

func TestWalkLeavesGitOutAtEveryDepth(t *testing.T) {
	g := newGuest(t)
	g.put(t, ".git/config", "")
	g.put(t, "sub/.git", "gitdir: elsewhere")
	g.put(t, "sub/.gitx", "")
	expectPaths(t, g.mustWalk(t, &agentv1.WalkRequest{Recursive: true, SkipGit: true}).paths(), "sub", "sub/.gitx")
}

func TestWalkOfWhatIsNoDirectoryFails(t *testing.T) {
	g := newGuest(t)
	g.put(t, "file", "")
	must(t, os.Symlink("/etc", g.path("out")))
	must(t, os.Symlink(".", g.path("in")))
	for path, code := range map[string]connect.Code{
		"file":      connect.CodeFailedPrecondition,
		"out":       connect.CodeFailedPrecondition,
		"in":        connect.CodeFailedPrecondition,
		"none":      connect.CodeNotFound,
		"none/none": connect.CodeNotFound,
		"file/none": connect.CodeNotFound,
		"out/init":  connect.CodePermissionDenied,
	} {
		_, err := g.walk(t, &agentv1.WalkRequest{Path: []byte(path), Recursive: true})
		if about := expectCode(t, err, code); string(about.GetPath()) != path {
			t.Errorf("%s: the error is about %q", path, about.GetPath())
		}
	}
	expectPaths(t, g.mustWalk(t, &agentv1.WalkRequest{Recursive: true}).paths(), "file", "in", "out")
}

func TestWalkGoesThroughLinksOnTheWayThatStayInside(t *testing.T) {
	g := newGuest(t)
	g.put(t, "real/sub/file", "")
	must(t, os.Symlink("real", g.path("relative")))
	must(t, os.Symlink(g.path("real"), g.path("absolute")))
	must(t, os.Symlink("../workspace/real", g.path("around")))
	for _, link := range []string{"relative", "absolute", "around"} {
		expectPaths(t, g.mustWalk(t, &agentv1.WalkRequest{Path: []byte(link + "/sub"), Recursive: true}).paths(), link+"/sub/file")
	}
}

func TestWalkLeavesOutWhatNoPathCanName(t *testing.T) {
	g := newGuest(t)
	name := strings.Repeat("d", 200)
	// Deeper than PATH_MAX: only a process that changes its directory gets there.
	command := exec.Command("sh", "-c", "for i in $(seq 30); do mkdir "+name+" && cd -P "+name+" || exit 1; done; touch end")
	command.Dir = g.root
	must(t, command.Run())
	t.Cleanup(func() { _ = exec.Command("rm", "-rf", g.root).Run() })
	result := g.mustWalk(t, &agentv1.WalkRequest{Recursive: true})
	if len(result.entries) != 20 || !result.last.GetTruncated() {
		t.Errorf("%d entries, truncated %v", len(result.entries), result.last.GetTruncated())
	}
}

func TestIgnoredPathsAreCountedAndNotListed(t *testing.T) {
	g := newGuest(t)
	g.put(t, ".gitignore", "*.log\nbuild/\n/top\n")
	g.put(t, ".git/info/exclude", "private\n")
	g.put(t, "sub/.gitignore", "!keep.log\nlocal\n")
	for _, path := range []string{"a.log", "sub/keep.log", "sub/other.log", "build/x/y", "build/z", "sub/top", "top", "sub/local", "private/.gitignore", "file", "sub/build"} {
		g.put(t, path, "")
	}
	result := g.mustWalk(t, &agentv1.WalkRequest{Recursive: true, SkipGit: true, HonorGitignore: true})
	expectPaths(t, result.paths(), ".gitignore", "file", "sub", "sub/.gitignore", "sub/build", "sub/keep.log", "sub/top")
	want := map[string]uint64{"a.log": 1, "build": 4, "private": 2, "sub/local": 1, "sub/other.log": 1, "top": 1}
	if got := result.ignored(); !maps.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	result = g.mustWalk(t, &agentv1.WalkRequest{Path: []byte("sub"), HonorGitignore: true})
	expectPaths(t, result.paths(), "sub/.gitignore", "sub/build", "sub/keep.log", "sub/top")
	result = g.mustWalk(t, &agentv1.WalkRequest{Path: []byte("build/x"), HonorGitignore: true})
	if got := result.ignored(); len(result.entries) != 0 || !maps.Equal(got, map[string]uint64{"build/x/y": 1}) {
		t.Errorf("%v, %v", result.paths(), got)
	}
}

func TestIgnoredPathsAreMergedWhenThereAreMany(t *testing.T) {
	g := newGuest(t)
	g.put(t, ".gitignore", "*.o\n")
	for i := range 1500 {
		g.put(t, fmt.Sprintf("src/%04d.o", i), "")
	}
	g.put(t, "lib/1.o", "")
	g.put(t, "tests/1.o", "")
	got := g.mustWalk(t, &agentv1.WalkRequest{Recursive: true, HonorGitignore: true}).ignored()
	if want := map[string]uint64{"src": 1500, "lib": 1, "tests/1.o": 1}; !maps.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
	for i := range 1500 {
		g.put(t, fmt.Sprintf("%04d.o", i), "")
	}
	got = g.mustWalk(t, &agentv1.WalkRequest{Recursive: true, HonorGitignore: true}).ignored()
	if want := map[string]uint64{"": 3002}; !maps.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
}

func TestHostileIgnoreFilesHaveNoEffect(t *testing.T) {
	g := newGuest(t)
	secret := g.base + "/secret"
	must(t, os.WriteFile(secret, []byte("victim\n"), 0o644))
	g.put(t, "link/victim", "")
	must(t, os.Symlink(secret, g.path("link/.gitignore")))
	g.put(t, "directory/.gitignore/x", "")
	g.put(t, "fifo/victim", "")
	must(t, unix.Mkfifo(g.path("fifo/.gitignore"), 0o644))
	g.put(t, "huge/victim", "")
	g.put(t, "huge/.gitignore", "victim\n")
	must(t, os.Truncate(g.path("huge/.gitignore"), 1<<40))
	g.put(t, "slow/victim", "")
	g.put(t, "slow/.gitignore", strings.Repeat(strings.Repeat("*a", 300)+"b\n", 1000)+"\x00\n\\\n[\n")
	must(t, os.Mkdir(g.path(".git"), 0o755))
	must(t, os.Symlink(g.base, g.path(".git/info")))
	must(t, os.Rename(secret, g.base+"/exclude"))
	result := g.mustWalk(t, &agentv1.WalkRequest{Recursive: true, HonorGitignore: true})
	if len(result.last.GetIgnored()) != 0 {
		t.Errorf("%v", result.ignored())
	}
	for _, folder := range []string{"link", "fifo", "huge", "slow"} {
		if !slices.Contains(result.paths(), folder+"/victim") {
			t.Errorf("%s/victim is left out", folder)
		}
	}
}

func TestBootTimeIsThatOfTheAgent(t *testing.T) {
	g := newGuest(t)
	g.put(t, "later", "")
	result := g.mustWalk(t, &agentv1.WalkRequest{})
	if booted := result.last.GetBootedAtNs(); booted != g.service.bootedAtNs || result.entries[0].GetCtimeNs() < booted {
		t.Errorf("booted at %d, the file is of %d", booted, result.entries[0].GetCtimeNs())
	}
}
