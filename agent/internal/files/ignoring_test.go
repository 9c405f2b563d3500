// A walk of generated repositories leaves out what git itself ignores.

package files

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"strings"
	"testing"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// gitStatus asks git for the files that it would add, and for what it ignores,
// where an ignored directory stands for all that is in it.
func (g *guest) gitStatus(t *testing.T) (untracked, ignored []string) {
	t.Helper()
	command := exec.Command("git", "-C", g.root, "status", "--porcelain", "-z", "-uall", "--ignored=matching")
	command.Env = []string{"PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1"}
	output, err := command.Output()
	must(t, err)
	for line := range strings.SplitSeq(strings.TrimSuffix(string(output), "\x00"), "\x00") {
		if path, ok := strings.CutPrefix(line, "?? "); ok {
			untracked = append(untracked, path)
		}
		if path, ok := strings.CutPrefix(line, "!! "); ok {
			ignored = append(ignored, strings.TrimSuffix(path, "/"))
		}
	}
	slices.Sort(untracked)
	slices.Sort(ignored)
	return untracked, ignored
}

func TestWalkIgnoresWhatGitIgnores(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git to compare with")
	}
	random := rand.New(rand.NewPCG(3, 4))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	name := func() string { return pick("a", "b", "a.log", "b.log", "keep.log", "x y", "ü") }
	folder := func() string { return pick("c", "d", "build", "bin.log", "e f") }
	rule := func() string {
		pattern := pick("*.log", "build", "/a", "c/b", "**/c", "d/**", "c/*", "/d/c", "*", "b*", "[a-b]", "x y", "ü", "/*/a", "keep.log")
		return pick("", "", "!") + pattern + pick("", "", "/")
	}
	for range 60 {
		g := newGuest(t)
		must(t, exec.Command("git", "init", "-q", g.root).Run())
		for range 40 {
			path := name()
			for range random.IntN(4) {
				path = folder() + "/" + path
			}
			if random.IntN(5) == 0 {
				path = path[:strings.LastIndexByte(path, '/')+1] + ".gitignore"
			}
			g.put(t, path, fmt.Sprintf("%s\n%s\n%s\n", rule(), rule(), rule()))
		}
		g.put(t, ".git/info/exclude", rule()+"\n")
		wantFiles, wantIgnored := g.gitStatus(t)
		result := g.mustWalk(t, &agentv1.WalkRequest{Recursive: true, SkipGit: true, HonorGitignore: true})
		var files, ignored []string
		for _, entry := range result.entries {
			if entry.GetMode()&0o170000 == 0o100000 {
				files = append(files, string(entry.GetPath()))
			}
		}
		for path := range result.ignored() {
			ignored = append(ignored, path)
		}
		slices.Sort(ignored)
		expectPaths(t, files, wantFiles...)
		expectPaths(t, ignored, wantIgnored...)
	}
}
