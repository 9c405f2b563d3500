// The same answers as git's own.

package gitignore

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// compare judges every path of a tree by rules with content, as git does and as
// we do.
func compare(t *testing.T, tree *tree, content string) {
	t.Helper()
	want := tree.askGit(t, content)
	rules := Parse([]byte(content))
	budget := NewBudget(1 << 30)
	for path, isDirectory := range tree.paths {
		if got := isIgnored(rules, path, isDirectory, budget); got != want[path] {
			t.Errorf("%q with rules %q: git says %v", path, content, want[path])
		}
	}
}

// isIgnored judges a path as a walk does: each directory on the way, and then it.
func isIgnored(rules Rules, path string, isDirectory bool, budget *Budget) bool {
	for i, c := range []byte(path) {
		if c == '/' && rules.Match(path[:i], true, budget) == Ignored {
			return true
		}
	}
	return rules.Match(path, isDirectory, budget) == Ignored
}

func TestRulesOfEveryKindAreAsGitHasThem(t *testing.T) {
	tree := newTree(t,
		"a/b/c/d", "b/a", "b/b/c/", "a.log", "x/a.log/", "build/x", "x/build/y", "x/y/z/", "foo/bar", "foo/x/bar", "foo/x/y/bar", "fooa/b/bar", "foobar", "fooxbar",
		"x/foo/bar", " lead", "trail ", "trail", "#hash", "!bang", "a]b", "a-b", "ab/", "a\\b", "[a]", "A", "1", "tab\t", "ü", "\xff", "x/doc/a.txt", "doc/a.txt", "doc/x/a.txt",
		"-", "^", "a b/", "*", "?", "**", "c", "d/", "foo/b", "x/foo/b/", "[",
	)
	for _, content := range []string{
		"a", "/a", "a/", "/a/", "*.log", "/*.log", "x/*.log", "build/", "/build", "build", "foo/bar", "foo/*/bar", "foo/**/bar", "foo**/bar", "foo/**", "**/bar", "**/foo/bar",
		"**", "*", "/*", "*/", "**/", "/**", "/**/", "a/**/d", "!a", "*\n!a", "*\n!*/\n!a.log", "foo/*\n!foo/bar", "foo/\n!foo/bar", "\\#hash", "#hash", "\\!bang", "!bang",
		"trail\\ ", "trail ", "trail   ", "tab\t", " lead", "[a]", "[!a]", "[^a]", "[a-c]", "[]a]", "[a\\]b]", "a[]]b", "[a-]", "[-a]", "[[:alpha:]]", "[[:upper:]]", "[[:digit:]]",
		"[[:nope:]]", "[[:alpha]", "[a", "a\\", "\\a", "a\\b", "a\\\\b", "?", "??", "a?b", "doc/*.txt", "doc/**/*.txt", "***", "a***b", "foo/***", "foo/***/bar", "*/b", "*/b/", "a/*",
		"\xff", "ü", "[ü]", "\xef\xbb\xbfa", "a\r\nb\r\n", "a\x00b", "\\*", "\\?", "/", "//", "//a", "a//", "a//b", "./a", "../a", ".", "..", "*a*b", "*o*r", "f*o/b*r", "[[:space:]]*", "[\\-a]",
		"[a-\\z]", "[z-a]", "[--a]", "[!-a]", "[[:alpha:][:digit:]]", "[[:alpha:]-z]", "*[ab]", "x/**/", "foo/**/", "**/**/bar", "foo\\/bar", "foo/**\\/bar",
	} {
		compare(t, tree, content)
	}
}

// TestGeneratedRulesAreAsGitHasThem tries many short rules over few letters, so
// that most of them match something.
func TestGeneratedRulesAreAsGitHasThem(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"a", "b", "c", "/", "/", "*", "*", "**", "**/", "/**", "?", "[ab]", "[!a]", "[a-c]", "\\", "!", " ", "[", "]", "-"}
	generate := func(longest int) string {
		var text strings.Builder
		for range 1 + random.IntN(longest) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		return text.String()
	}
	names := []string{"a", "b", "c", "ab", "abc", "ba", "a-b", "a b", "[", "]"}
	paths := make([]string, 150)
	for i := range paths {
		path := names[random.IntN(len(names))]
		for range random.IntN(4) {
			path += "/" + names[random.IntN(len(names))]
		}
		paths[i] = path + []string{"", "/"}[random.IntN(2)]
	}
	tree := newTree(t, paths...)
	for range 300 {
		lines := make([]string, 1+random.IntN(4))
		for i := range lines {
			lines[i] = generate(7)
		}
		compare(t, tree, strings.Join(lines, "\n"))
	}
}

func TestCatastrophicPatternsEndWithTheirBudget(t *testing.T) {
	text := strings.Repeat("a/", 500) + "a"
	for _, pattern := range []string{strings.Repeat("**/", 500) + "b", "x/" + strings.Repeat("*a", 500) + "b", strings.Repeat("**/*a", 300) + "/b", strings.Repeat("*", 100_000) + "b"} {
		budget := NewBudget(10_000_000)
		if Parse([]byte(pattern)).Match(text, false, budget) != Silent {
			t.Errorf("%.20q matches", pattern)
		}
	}
	spent := NewBudget(0)
	if Parse([]byte("a")).Match("a", false, spent) != Silent {
		t.Error("a match without a budget")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add([]byte("a/**/b\n!*.c\n[a-z]"), "a/b/c.c")
	f.Fuzz(func(t *testing.T, content []byte, path string) {
		budget := NewBudget(1_000_000)
		for _, isDirectory := range []bool{false, true} {
			Parse(content).Match(path, isDirectory, budget)
		}
		if bytes.Count(content, []byte("\n"))+1 < Parse(content).Count() {
			t.Error("more rules than lines")
		}
	})
}
