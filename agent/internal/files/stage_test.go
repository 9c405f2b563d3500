// What an Apply needs besides its root: made, and taken away again.

package files

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// expectNoStage looks for what an Apply must not leave.
func expectNoStage(t testing.TB, g *guest) {
	t.Helper()
	found, err := filepath.Glob(g.base + "/" + stagePrefix + "*")
	must(t, err)
	if len(found) != 0 {
		t.Errorf("left: %q", found)
	}
}

func TestARootIsMadeWhenThereIsNone(t *testing.T) {
	g := newGuest(t)
	must(t, os.RemoveAll(g.root))
	start := &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Start{Start: &agentv1.ApplyStart{Root: workspace + "/sub"}}}
	commit := &agentv1.ApplyStep{Step: &agentv1.ApplyStep_Commit{Commit: &agentv1.ApplyCommit{}}}
	_, err := g.send(t.Context(), list(start, removal("none"), commit)...)
	expectCode(t, err, connect.CodeNotFound)
	if _, err := os.Lstat(g.root); !os.IsNotExist(err) {
		t.Errorf("the root of what failed is there: %v", err)
	}
	_, err = g.send(t.Context(), list(start, write("file", "x"), commit)...)
	must(t, err)
	expectContentOf(t, g, "sub/file", "x")
}

func TestManyAppliesAtOnce(t *testing.T) {
	g := newGuest(t)
	const count = 16
	done := make(chan error)
	for i := range count {
		go func() {
			done <- g.apply(t.Context(), list(write("shared", strings.Repeat(string(rune('a'+i)), 1000)), write("own/"+string(rune('a'+i)), "x"))...)
		}()
	}
	for range count {
		must(t, <-done)
	}
	shared := g.content(t, "shared")
	if shared != strings.Repeat(shared[:1], 1000) {
		t.Errorf("%q", shared)
	}
	expectNoStage(t, g)
}

func TestStaleStagesGoWhenTheAgentStarts(t *testing.T) {
	g := newGuest(t)
	stale := g.base + "/" + stagePrefix + "OLD"
	must(t, os.MkdirAll(stale+"/1/2/3", 0o755))
	must(t, os.WriteFile(stale+"/1/2/file", nil, 0))
	must(t, os.Symlink("/etc", stale+"/link"))
	for _, stage := range staleStages(g.base) {
		stage.remove()
	}
	expectNoStage(t, g)
}

func TestDeepAndForbiddingTreesAreRemoved(t *testing.T) {
	g := newGuest(t)
	path := "tree"
	for range 300 {
		path += "/d"
	}
	g.put(t, path+"/file", "x")
	must(t, os.Mkdir(g.path("tree/closed"), 0o755))
	g.put(t, "tree/closed/sub/file", "x")
	must(t, os.Chmod(g.path("tree/closed/sub"), 0))
	must(t, os.Chmod(g.path("tree/closed"), 0o500))
	g.mustApply(t, removal("tree"))
	expectNoStage(t, g)
}
