// Figures: go test -bench . ./internal/files

package files

import (
	"context"
	"fmt"
	"testing"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// newProject has 10,000 files in 200 directories.
func newProject(b *testing.B) *guest {
	b.Helper()
	g := newGuest(b)
	must(b, g.apply(b.Context(), projectSteps(6500)...))
	return g
}

func projectSteps(size int) (steps []*agentv1.ApplyStep) {
	content := make([]byte, size)
	for i := range content {
		content[i] = byte(i%250 + 1)
	}
	for i := range 10_000 {
		steps = append(steps, write(fmt.Sprintf("src/d%d/f%d", i/50, i), string(content))...)
	}
	return steps
}

func BenchmarkWalk(b *testing.B) {
	g := newProject(b)
	for b.Loop() {
		count := 0
		walk := walked(b, g)
		walk.report = func(string, *agentv1.Entry) error { count++; return nil }
		must(b, walk.walk())
		if count != 10_201 {
			b.Fatal(count)
		}
	}
}

func BenchmarkApply(b *testing.B) {
	g := newGuest(b)
	steps := projectSteps(6500)
	for b.Loop() {
		must(b, g.apply(context.Background(), steps...))
	}
}

func BenchmarkStatThousand(b *testing.B) {
	g := newProject(b)
	paths := make([]string, 1000)
	for i := range paths {
		paths[i] = fmt.Sprintf("src/d%d/f%d", i/50, i)
	}
	for b.Loop() {
		_, err := g.stat(b, paths...)
		must(b, err)
	}
}

func walked(b *testing.B, g *guest) *tree {
	root, err := g.service.openRoot(workspace)
	must(b, err)
	b.Cleanup(root.close)
	top, err := root.openListed("")
	must(b, err)
	b.Cleanup(top.close)
	return &tree{ctx: b.Context(), top: top, root: root, recursive: true}
}
