// Images in directories.

package pull

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"

	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/imagetest"
)

// writeLayout puts an image for each tag into a directory; its file /name says the tag.
func writeLayout(t testing.TB, tags ...string) string {
	t.Helper()
	directory := filepath.Join(t.TempDir(), "image")
	path, err := layout.Write(directory, empty.Index)
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range tags {
		image := imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("name", tag)))
		options := layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": tag})
		if err := path.AppendImage(image, options); err != nil {
			t.Fatal(err)
		}
	}
	return directory
}

func TestADirectoryIsASourceLikeARegistry(t *testing.T) {
	directory := writeLayout(t, "one")
	for _, place := range []string{directory, directory + ":one"} {
		asked := request(t, "oci:"+place)
		if _, err := Run(context.Background(), asked); err != nil {
			t.Fatal(err)
		}
		if got := read(t, asked.RootfsDir, "name"); got != "one" {
			t.Errorf("%q", got)
		}
	}
}

func TestATagChoosesOneOfSeveral(t *testing.T) {
	directory := writeLayout(t, "one", "two")
	asked := request(t, "oci:"+directory+":two")
	if _, err := Run(context.Background(), asked); err != nil {
		t.Fatal(err)
	}
	if got := read(t, asked.RootfsDir, "name"); got != "two" {
		t.Errorf("%q", got)
	}
	for _, place := range []string{directory, directory + ":three"} {
		_, err := Run(context.Background(), request(t, "oci:"+place))
		if hint := failure.Of(err).Hint; !strings.Contains(hint, "one, two") {
			t.Errorf("%s: the tags are not told: %q", place, hint)
		}
	}
	for _, place := range []string{directory, directory + ":three", directory + "/none", "relative"} {
		_, err := Run(context.Background(), request(t, "oci:"+place))
		if code := failure.Of(err).Code; code != failure.ImageNotFound && code != failure.InvalidInput {
			t.Errorf("%s: %v", place, err)
		}
	}
}

func TestADamagedDirectoryIsSaidToBe(t *testing.T) {
	index := func(t *testing.T, directory string) v1.Descriptor {
		var parsed v1.IndexManifest
		if err := json.Unmarshal([]byte(read(t, directory, "index.json")), &parsed); err != nil {
			t.Fatal(err)
		}
		return parsed.Manifests[0]
	}
	blob := func(directory string, digest v1.Hash) string {
		return filepath.Join(directory, "blobs", digest.Algorithm, digest.Hex)
	}
	layer := func(t *testing.T, directory string) v1.Hash {
		var manifest v1.Manifest
		if err := json.Unmarshal([]byte(read(t, blob(directory, index(t, directory).Digest))), &manifest); err != nil {
			t.Fatal(err)
		}
		return manifest.Layers[0].Digest
	}
	write := func(t *testing.T, path, content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]func(t *testing.T, directory string){
		"an index that is none": func(t *testing.T, directory string) { write(t, filepath.Join(directory, "index.json"), "{") },
		"an index without an end": func(t *testing.T, directory string) {
			write(t, filepath.Join(directory, "index.json"), strings.Repeat(" ", 5<<20))
		},
		"a manifest of others":     func(t *testing.T, directory string) { write(t, blob(directory, index(t, directory).Digest), "{}") },
		"a manifest that is away":  func(t *testing.T, directory string) { remove(t, blob(directory, index(t, directory).Digest)) },
		"a layer of other content": func(t *testing.T, directory string) { flip(t, blob(directory, layer(t, directory))) },
		"a layer that is shorter": func(t *testing.T, directory string) {
			if err := os.Truncate(blob(directory, layer(t, directory)), 10); err != nil {
				t.Fatal(err)
			}
		},
		"a layer that is away":      func(t *testing.T, directory string) { remove(t, blob(directory, layer(t, directory))) },
		"a directory for a layer":   func(t *testing.T, directory string) { replaceByDirectory(t, blob(directory, layer(t, directory))) },
		"a pipe that nobody writes": func(t *testing.T, directory string) { replaceByPipe(t, blob(directory, layer(t, directory))) },
	}
	for name, damage := range cases {
		t.Run(name, func(t *testing.T) {
			directory := writeLayout(t, "one")
			damage(t, directory)
			_, err := Run(context.Background(), request(t, "oci:"+directory))
			if code := failure.Of(err).Code; code != failure.ImageInvalid {
				t.Errorf("%s: %v", code, err)
			}
		})
	}
}
