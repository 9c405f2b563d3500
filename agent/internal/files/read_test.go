// Stat and Read.

package files

import (
	"os"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

func (g *guest) stat(t testing.TB, paths ...string) ([]*agentv1.Entry, error) {
	t.Helper()
	request := &agentv1.StatRequest{Root: workspace}
	for _, path := range paths {
		request.Paths = append(request.Paths, []byte(path))
	}
	response, err := g.client.Stat(t.Context(), connect.NewRequest(request))
	if err != nil {
		return nil, err
	}
	return response.Msg.GetEntries(), nil
}

func (g *guest) read(t testing.TB, path string, offset uint64, size uint32) (*agentv1.ReadResponse, error) {
	t.Helper()
	request := &agentv1.ReadRequest{Root: workspace, Path: []byte(path), Offset: offset, MaxBytes: size}
	response, err := g.client.Read(t.Context(), connect.NewRequest(request))
	if err != nil {
		return nil, err
	}
	return response.Msg, nil
}

func TestStatAnswersForEachPathInOrder(t *testing.T) {
	g := newGuest(t)
	g.put(t, "a/file", "123")
	must(t, os.Symlink("nowhere", g.path("dangling")))
	must(t, os.Symlink("loop", g.path("loop")))
	paths := []string{"a/file", "none", "a", "dangling", "", "a/file/none", "loop/x", "none/none", "a/file"}
	entries, err := g.stat(t, paths...)
	must(t, err)
	modes := []uint32{unix.S_IFREG, 0, unix.S_IFDIR, unix.S_IFLNK, unix.S_IFDIR, 0, 0, 0, unix.S_IFREG}
	if len(entries) != len(paths) {
		t.Fatalf("%d entries", len(entries))
	}
	for i, entry := range entries {
		if string(entry.GetPath()) != paths[i] || entry.GetMode()&unix.S_IFMT != modes[i] {
			t.Errorf("%q: %v", paths[i], entry)
		}
	}
}

func TestStatRefusesWhatLeadsOutAndWhatIsNoPath(t *testing.T) {
	g := newGuest(t)
	must(t, os.Symlink("..", g.path("up")))
	must(t, os.Symlink("/", g.path("top")))
	must(t, os.Symlink("/nowhere", g.path("void")))
	must(t, os.Symlink("/proc/self/root", g.path("magic")))
	for _, path := range []string{"up/x", "top/etc", "void/x", "magic/etc", "up/workspace/../.."} {
		_, err := g.stat(t, path)
		if strings.Contains(path, "..") {
			expectCode(t, err, connect.CodeInvalidArgument)
		} else {
			expectCode(t, err, connect.CodePermissionDenied)
		}
	}
	for _, path := range []string{"/", "/a", "a/", "a//b", ".", "..", "a/..", "a/./b", "a\x00b", strings.Repeat("x/", 2047) + "xx"} {
		_, err := g.stat(t, path)
		expectCode(t, err, connect.CodeInvalidArgument)
	}
	// Links in the last name are looked at, not followed.
	entries, err := g.stat(t, "up", "top", "magic")
	must(t, err)
	for _, entry := range entries {
		if entry.GetMode()&unix.S_IFMT != unix.S_IFLNK {
			t.Errorf("%v", entry)
		}
	}
	_, err = g.stat(t, strings.Repeat("x", 256))
	expectCode(t, err, connect.CodeInvalidArgument)
}

func TestTooManyPathsAreRefused(t *testing.T) {
	g := newGuest(t)
	paths := make([]string, maxPaths+1)
	_, err := g.stat(t, paths[:1000]...)
	must(t, err)
	_, err = g.stat(t, paths...)
	expectCode(t, err, connect.CodeInvalidArgument)
}

func TestReadReturnsPieces(t *testing.T) {
	g := newGuest(t)
	g.put(t, "file", "0123456789")
	for _, c := range []struct {
		offset uint64
		size   uint32
		want   string
	}{{0, 100, "0123456789"}, {3, 4, "3456"}, {9, 5, "9"}, {10, 5, ""}, {1 << 60, 5, ""}, {0, 0, ""}} {
		response, err := g.read(t, "file", c.offset, c.size)
		must(t, err)
		if string(response.GetContent()) != c.want || response.GetEntry().GetSize() != 10 {
			t.Errorf("%d at %d: %q", c.size, c.offset, response.GetContent())
		}
	}
	_, err := g.read(t, "file", 0, maxReadBytes+1)
	expectCode(t, err, connect.CodeInvalidArgument)
	_, err = g.read(t, "file", 1<<63, 1)
	expectCode(t, err, connect.CodeInvalidArgument)
}

func TestReadFollowsLinksThatStayInside(t *testing.T) {
	g := newGuest(t)
	g.put(t, "real/file", "inside")
	must(t, os.Symlink("real/file", g.path("relative")))
	must(t, os.Symlink(g.path("real/file"), g.path("absolute")))
	must(t, os.Symlink("absolute", g.path("second")))
	for _, path := range []string{"relative", "absolute", "second"} {
		response, err := g.read(t, path, 0, 100)
		must(t, err)
		if string(response.GetContent()) != "inside" || string(response.GetEntry().GetPath()) != path || response.GetEntry().GetMode()&unix.S_IFMT != unix.S_IFREG {
			t.Errorf("%s: %v", path, response)
		}
	}
}

func TestReadRefusesWhatIsNoFileInside(t *testing.T) {
	g := newGuest(t)
	secret := g.base + "/secret"
	must(t, os.WriteFile(secret, []byte("outside"), 0o644))
	must(t, os.Mkdir(g.path("directory"), 0o755))
	must(t, unix.Mkfifo(g.path("fifo"), 0o644))
	must(t, os.Symlink(secret, g.path("out")))
	must(t, os.Symlink("../secret", g.path("up")))
	must(t, os.Symlink("/proc/self/exe", g.path("magic")))
	must(t, os.Symlink("loop", g.path("loop")))
	// A neighbour whose name begins like the root's.
	must(t, os.Mkdir(g.base+"/workspace2", 0o755))
	must(t, os.WriteFile(g.base+"/workspace2/file", nil, 0o644))
	must(t, os.Symlink(g.base+"/workspace2/file", g.path("neighbour")))
	must(t, os.Symlink(g.path("missing/x"), g.path("hole")))
	must(t, os.Symlink(g.path("hole"), g.path("second")))
	must(t, os.Symlink("/nowhere/x", g.path("void")))
	for path, code := range map[string]connect.Code{
		"hole":      connect.CodeNotFound,
		"second":    connect.CodeNotFound,
		"second/x":  connect.CodeNotFound,
		"void":      connect.CodePermissionDenied,
		"directory": connect.CodeFailedPrecondition,
		"":          connect.CodeFailedPrecondition,
		"fifo":      connect.CodeFailedPrecondition,
		"out":       connect.CodePermissionDenied,
		"up":        connect.CodePermissionDenied,
		"magic":     connect.CodePermissionDenied,
		"neighbour": connect.CodePermissionDenied,
		"loop":      connect.CodeFailedPrecondition,
		"none":      connect.CodeNotFound,
	} {
		_, err := g.read(t, path, 0, 100)
		if about := expectCode(t, err, code); string(about.GetPath()) != path {
			t.Errorf("%s: the error is about %q", path, about.GetPath())
		}
	}
	if os.Geteuid() == 0 {
		must(t, unix.Mknod(g.path("device"), unix.S_IFCHR|0o666, int(unix.Mkdev(1, 3))))
		_, err := g.read(t, "device", 0, 1)
		expectCode(t, err, connect.CodeFailedPrecondition)
	}
}

func TestARootThatDoesNotExistIsNotFound(t *testing.T) {
	g := newGuest(t)
	for root, code := range map[string]connect.Code{
		"/none":      connect.CodeNotFound,
		"/none/none": connect.CodeNotFound,
		"relative":   connect.CodeInvalidArgument,
		"":           connect.CodeInvalidArgument,
		"/a\x00b":    connect.CodeInvalidArgument,
	} {
		_, err := g.client.Stat(t.Context(), connect.NewRequest(&agentv1.StatRequest{Root: root, Paths: [][]byte{nil}}))
		expectCode(t, err, code)
	}
	// No root is above the base.
	must(t, os.Symlink("/", g.base+"/top"))
	for _, root := range []string{"/top/workspace", "/../../workspace", "/./workspace/"} {
		_, err := g.client.Stat(t.Context(), connect.NewRequest(&agentv1.StatRequest{Root: root, Paths: [][]byte{nil}}))
		must(t, err)
	}
}
