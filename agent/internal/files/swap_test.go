// A hostile process that swaps names while calls are under way.

package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// swapRounds is how often each call is made while names are swapped.
const swapRounds = 8

// swap exchanges two names of the root until the test is over.
func (g *guest) swap(t *testing.T, a, b string) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
				// A call that has moved one of them away makes this fail for a moment.
				_ = unix.Renameat2(unix.AT_FDCWD, g.path(a), unix.AT_FDCWD, g.path(b), unix.RENAME_EXCHANGE)
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		<-done
	})
}

func TestSwappedNamesNeverLeadOut(t *testing.T) {
	// What stands beside a directory with a file in it, and then in its place.
	for name, target := range map[string]string{"an absolute link": "", "a link upwards": "../outside", "a link in and out": "sub/../../outside"} {
		t.Run(name, func(t *testing.T) {
			g := newGuest(t)
			outside := filepath.Join(g.base, "outside")
			must(t, os.Mkdir(outside, 0o755))
			must(t, os.WriteFile(outside+"/file", []byte("secret"), 0o600))
			must(t, os.WriteFile(outside+"/file2", []byte("secret"), 0o600))
			if target == "" {
				target = outside
			}
			before := snapshot(t, outside)
			must(t, os.Mkdir(g.path("sub"), 0o755))
			g.put(t, "d/file", "inside")
			g.put(t, "file", "inside")
			must(t, os.Symlink(target, g.path("e")))
			must(t, os.Symlink(target+"/file", g.path("elif")))
			g.swap(t, "d", "e")
			g.swap(t, "file", "elif")
			for range swapRounds {
				g.tryEverything(t, "d/file")
				g.tryEverything(t, "file")
			}
			expectUnchanged(t, outside, before)
		})
	}
}

// tryEverything makes all calls about path, whatever comes of them.
func (g *guest) tryEverything(t *testing.T, path string) {
	t.Helper()
	if response, err := g.read(t, path, 0, 100); err == nil {
		g.expectInside(t, response.GetContent())
	}
	if all, err := g.fetch(t, &agentv1.FetchRequest{Recursive: true}, path, "d"); err == nil {
		for _, each := range all {
			g.expectInside(t, each.content)
		}
	}
	if result, err := g.walk(t, &agentv1.WalkRequest{Path: []byte("d"), Recursive: true}); err == nil {
		for _, path := range result.paths() {
			if strings.HasSuffix(path, "file2") {
				t.Errorf("listed %s", path)
			}
		}
	}
	for _, steps := range [][]*agentv1.ApplyStep{
		write(path, "inside"),
		list(mode(path, 0o777)),
		list(mode("d", 0o711)),
		list(removal(path), write(path, "inside")),
		list(hardLink(path+"-hard", path), removal(path+"-hard")),
		list(symlink(path+"-link", "x"), removal(path+"-link")),
		list(directory("d/made", 0o700), write("d/made/file", "inside"), removal("d/made")),
		list(write(path, "inside"), removal("none")),
		{{Step: &agentv1.ApplyStep_Remove{Remove: &agentv1.Remove{Path: []byte("d/made"), OnlyEmptyDirectory: true}}}},
	} {
		// Most of them meet the wrong thing at some moment, and are refused.
		_ = g.apply(t.Context(), steps...)
	}
}

func (g *guest) expectInside(t *testing.T, content []byte) {
	t.Helper()
	if strings.Contains(string(content), "secret") {
		t.Errorf("read %q", content)
	}
}
