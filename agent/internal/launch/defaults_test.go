// Environment and working directories.

package launch

import (
	"maps"
	"strings"
	"testing"
)

func TestDirectoryStaysBelowRoot(t *testing.T) {
	host := Defaults{Root: "/srv/x"}
	for cwd, want := range map[string]string{
		"":                 "/srv/x",
		"/":                "/srv/x",
		"/workspace/a":     "/srv/x/workspace/a",
		"workspace":        "/srv/x/workspace",
		"/../..":           "/srv/x",
		"../../etc":        "/srv/x/etc",
		"/a/../../../etc/": "/srv/x/etc",
	} {
		if got := host.directory(cwd); got != want {
			t.Errorf("%q: %q instead of %q", cwd, got, want)
		}
	}
	if got := (Defaults{Root: "/"}).directory("/tmp/"); got != "/tmp" {
		t.Error(got)
	}
}

func FuzzDirectoryStaysBelowRoot(f *testing.F) {
	f.Add("/a/../..")
	f.Add("..//./..")
	f.Fuzz(func(t *testing.T, cwd string) {
		got := Defaults{Root: "/srv/x"}.directory(cwd)
		if got != "/srv/x" && !strings.HasPrefix(got, "/srv/x/") || strings.Contains(got+"/", "/../") {
			t.Errorf("%q: %q", cwd, got)
		}
	})
}

func TestEnvironmentReplacesAndKeeps(t *testing.T) {
	defaults := Defaults{Env: map[string]string{"A": "1", "B": "2"}}
	got := defaults.environment(nil, map[string]string{"B": "3", "C": "4"})
	if len(got) != 3 || got["A"] != "1" || got["B"] != "3" || got["C"] != "4" {
		t.Error(got)
	}
	if defaults.Env["B"] != "2" {
		t.Error("the defaults changed")
	}
}

func TestAnImagesEnvironmentIsBetweenTheDefaultsAndTheRequest(t *testing.T) {
	defaults := Defaults{
		Env:   map[string]string{"PATH": "/bin", "HOME": "/root", "LANG": "C"},
		Image: Image{Env: []string{"PATH=/opt/bin:/bin", "A=1", "B=x=y", "odd", "=nothing"}, WorkingDir: "/srv"},
	}
	got := defaults.environment(&account{name: "app"}, map[string]string{"A": "2"})
	want := map[string]string{
		"PATH": "/opt/bin:/bin", "HOME": "/", "LANG": "C", "A": "2", "B": "x=y", "USER": "app", "LOGNAME": "app",
	}
	if !maps.Equal(got, want) {
		t.Error(got)
	}
	if got := defaults.directory(""); got != "/srv" {
		t.Error(got)
	}
	if got := defaults.directory("/workspace"); got != "/workspace" {
		t.Error(got)
	}
}
