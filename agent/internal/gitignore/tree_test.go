// A tree in a repository, for git to judge.

package gitignore

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

type tree struct {
	dir string
	// paths tells of each whether it is a directory.
	paths map[string]bool
}

// newTree makes empty files, and directories where a path ends in "/" or is the
// beginning of another.
func newTree(t *testing.T, paths ...string) *tree {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git to compare with")
	}
	made := &tree{dir: t.TempDir(), paths: map[string]bool{}}
	made.git(t, "", "init", "-q")
	for _, path := range paths {
		for i := range path {
			if path[i] == '/' {
				made.paths[path[:i]] = true
			}
		}
		if path = strings.TrimSuffix(path, "/"); !made.paths[path] {
			made.paths[path] = false
		}
	}
	for path, isDirectory := range made.paths {
		if isDirectory {
			must(t, os.MkdirAll(filepath.Join(made.dir, path), 0o755))
		}
	}
	for path, isDirectory := range made.paths {
		if !isDirectory {
			must(t, os.WriteFile(filepath.Join(made.dir, path), nil, 0o644))
		}
	}
	return made
}

// askGit tells which of the paths git ignores by rules with content.
func (r *tree) askGit(t *testing.T, content string) map[string]bool {
	t.Helper()
	must(t, os.WriteFile(filepath.Join(r.dir, ".git/info/exclude"), []byte(content), 0o644))
	var all strings.Builder
	for path := range r.paths {
		all.WriteString("./" + path + "\x00")
	}
	ignored := map[string]bool{}
	for path := range strings.SplitSeq(r.git(t, all.String(), "check-ignore", "--no-index", "-z", "--stdin"), "\x00") {
		ignored[strings.TrimPrefix(path, "./")] = true
	}
	return ignored
}

func (r *tree) git(t *testing.T, input string, arguments ...string) string {
	t.Helper()
	command := exec.Command("git", append([]string{"-C", r.dir}, arguments...)...)
	command.Stdin = strings.NewReader(input)
	command.Env = []string{"PATH=/usr/bin:/bin", "HOME=/nonexistent", "GIT_CONFIG_NOSYSTEM=1"}
	output, err := command.Output()
	var exit *exec.ExitError
	// 1: nothing is ignored.
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("git %v: %v", arguments, err)
	}
	return string(output)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
