// Reading /proc.

package tree

import (
	"os"
	"slices"
	"testing"
)

func TestParseStat(t *testing.T) {
	for stat, want := range map[string]processInfo{
		"12 (sh) S 1 12 12 0 -1":         {parent: 1, session: 12},
		"7 (a) b) (c) R 5 6 4 0":         {parent: 5, session: 4},
		"9 (gone) Z 2 9 9 0 -1 4228":     {parent: 2, session: 9, dead: true},
		"10 (new\nline) D 3 10 8 34816 ": {parent: 3, session: 8},
	} {
		if got, ok := parseStat([]byte(stat)); !ok || got != want {
			t.Errorf("%q: %v %v", stat, got, ok)
		}
	}
	for _, stat := range []string{"", "1", "1 (x", "1 (x)", "1 (x) S", "1 (x) S a b c"} {
		if _, ok := parseStat([]byte(stat)); ok {
			t.Errorf("%q is accepted", stat)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("12 (sh) S 1 12 12 0 -1"))
	f.Add([]byte(")"))
	f.Fuzz(func(_ *testing.T, stat []byte) { parseStat(stat) })
}

func TestDescendants(t *testing.T) {
	processes := map[int]processInfo{
		1: {}, 2: {parent: 1}, 3: {parent: 2, dead: true}, 4: {parent: 3}, 5: {parent: 1}, 6: {parent: 9},
	}
	got := descendants(processes, 2)
	if slices.Sort(got); !slices.Equal(got, []int{4}) {
		t.Error(got)
	}
	got = descendants(processes, 1)
	if slices.Sort(got); !slices.Equal(got, []int{2, 4, 5}) {
		t.Error(got)
	}
}

func TestSnapshotSeesThisProcess(t *testing.T) {
	if info, ok := snapshot()[os.Getpid()]; !ok || info.parent != os.Getppid() || info.dead {
		t.Errorf("%v %v", info, ok)
	}
}
