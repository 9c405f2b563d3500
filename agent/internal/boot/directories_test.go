// Directories behind links.

package boot

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMakeDirectories(t *testing.T) {
	root := t.TempDir()
	for link, target := range map[string]string{
		"out":    filepath.Join(root, "elsewhere/deep"),
		"beside": "made",
		"chain":  "beside/further",
		"loop":   "loop",
		"onFile": "file/below",
	} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(root, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, made := range map[string]string{
		"plain/deep":  "plain/deep",
		"out/below":   "elsewhere/deep/below",
		"beside":      "made",
		"chain/a/b":   "made/further/a/b",
		"chain/../up": "made/up",
	} {
		if err := MakeDirectories(root + "/" + name); err != nil {
			t.Error(name, err)
		}
		if info, err := os.Stat(filepath.Join(root, made)); err != nil || !info.IsDir() {
			t.Error(name, made, err)
		}
	}
	for _, name := range []string{"loop", "loop/x", "file", "file/x", "onFile"} {
		if err := MakeDirectories(root + "/" + name); err == nil {
			t.Error(name, "was made")
		}
	}
}
