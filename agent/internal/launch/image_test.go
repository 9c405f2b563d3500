// The image's file.

package launch

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestReadImage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "image.json")
	if image, err := ReadImage(file); err != nil || len(image.Env) > 0 {
		t.Error(image, err)
	}
	for content, wrong := range map[string]bool{
		`{"env":["A=1"],"working_dir":"/srv","user":"app","shell":["/bin/ash","-c"],"later":1}`: false,
		`{}`:                               false,
		``:                                 true,
		`[]`:                               true,
		`{"env":["A=\u0000"]}`:             true,
		`{"working_dir":"a\u0000"}`:        true,
		`{"env":{"A":"1"}}`:                true,
		`{"env":["A=1","no name","=x"]}  `: false,
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadImage(file); (err != nil) != wrong {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func FuzzParseImage(f *testing.F) {
	f.Add([]byte(`{"env":["A=1"],"working_dir":"/x"}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		image, err := parseImage(content)
		if err == nil && slices.Contains(entries(image.environment()), "=") {
			t.Error(image)
		}
	})
}
