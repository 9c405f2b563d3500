// Images that are made here, looked at as others would.

package build

import (
	"archive/tar"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/imagetest"
)

var created = time.Unix(1_700_000_000, 0)

func untold(Part, int64, int64) {}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openStore(t testing.TB) *blobs.Store {
	t.Helper()
	store, err := blobs.Open(t.TempDir(), nil)
	must(t, err)
	return store
}

// tree is made in an order and at a time of its own, with the same content.
func tree(t testing.TB, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		must(t, os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755))
		must(t, os.WriteFile(filepath.Join(root, name), []byte(name), 0o644))
	}
	must(t, os.Symlink("/etc/passwd", filepath.Join(root, "link")))
	must(t, os.Link(filepath.Join(root, "b"), filepath.Join(root, "hard")))
	must(t, os.WriteFile(filepath.Join(root, "old"), []byte("old"), 0o4755))
	must(t, os.Chmod(filepath.Join(root, "old"), 0o4755))
	must(t, os.Chtimes(filepath.Join(root, "old"), time.Unix(1_600_000_000, 0), time.Unix(1_600_000_000, 0)))
	must(t, unix.Mkfifo(filepath.Join(root, "pipe"), 0o600))
	return root
}

func digestOf(t testing.TB, image v1.Image) string {
	t.Helper()
	digest, err := image.Digest()
	must(t, err)
	return digest.String()
}

func TestTheSameTreeIsTheSameImage(t *testing.T) {
	digests := map[string]bool{}
	for _, names := range [][]string{{"b", "a/x", "a/y"}, {"a/y", "b", "a/x"}} {
		image, err := Make(openStore(t), Request{Base: Base{RootfsDir: tree(t, names...)}, Created: created, Report: untold, Labels: map[string]string{"a": "b"}})
		must(t, err)
		must(t, validate.Image(image))
		digests[digestOf(t, image)] = true
	}
	if len(digests) != 1 {
		t.Errorf("digests: %v", digests)
	}
	other := tree(t, "b", "a/x", "a/y")
	must(t, os.WriteFile(filepath.Join(other, "b"), []byte("B"), 0o644))
	image, err := Make(openStore(t), Request{Base: Base{RootfsDir: other}, Created: created, Report: untold, Labels: map[string]string{"a": "b"}})
	must(t, err)
	if digests[digestOf(t, image)] {
		t.Error("another tree has the same digest")
	}
}

func TestADirectoryHasATimeOfItsOwn(t *testing.T) {
	store, root := openStore(t), tree(t, "b", "a/x")
	var layers, images []string
	for _, day := range []int64{1, 2} {
		image, err := Make(store, Request{Base: Base{RootfsDir: root, Latest: created}, Created: created.Add(time.Duration(day) * 24 * time.Hour), Report: untold})
		must(t, err)
		manifest, err := image.Manifest()
		must(t, err)
		layers, images = append(layers, manifest.Layers[0].Digest.String()), append(images, digestOf(t, image))
	}
	if layers[0] != layers[1] || images[0] == images[1] {
		t.Errorf("layers %v, images %v", layers, images)
	}
}

func TestAttributesThatUsersAttachAreInTheLayer(t *testing.T) {
	root := tree(t, "b")
	if err := unix.Setxattr(filepath.Join(root, "b"), "user.note", []byte("\x80\xff"), 0); err != nil {
		t.Skip("the file system of the temporary directory has no attributes:", err)
	}
	image, err := Make(openStore(t), Request{Base: Base{RootfsDir: root}, Created: created, Report: untold})
	must(t, err)
	layers, err := image.Layers()
	must(t, err)
	content, err := layers[0].Uncompressed()
	must(t, err)
	for reader := tar.NewReader(content); ; {
		header, err := reader.Next()
		must(t, err)
		if header.Name == "b" {
			if value := header.PAXRecords["SCHILY.xattr.user.note"]; value != "\x80\xff" {
				t.Errorf("%q", value)
			}
			return
		}
	}
}

func TestWhatIsExcludedIsNotThere(t *testing.T) {
	with, err := Make(openStore(t), Request{Base: Base{RootfsDir: tree(t, "b", "a/x", "c/y"), Exclude: []string{"/c", "a/x"}}, Created: created, Report: untold})
	must(t, err)
	root := tree(t, "b", "a/x")
	must(t, os.Remove(filepath.Join(root, "a/x")))
	without, err := Make(openStore(t), Request{Base: Base{RootfsDir: root}, Created: created, Report: untold})
	must(t, err)
	if digestOf(t, with) != digestOf(t, without) {
		t.Error("it is there")
	}
}

// stored puts an image into a store, as pulling does.
func stored(t testing.TB, store *blobs.Store, image v1.Image) string {
	t.Helper()
	manifest, err := image.RawManifest()
	must(t, err)
	config, err := image.RawConfigFile()
	must(t, err)
	digest, err := image.Digest()
	must(t, err)
	configName, err := image.ConfigName()
	must(t, err)
	must(t, store.Put(t.Context(), digest, manifest))
	must(t, store.Put(t.Context(), configName, config))
	layers, err := image.Layers()
	must(t, err)
	for _, each := range layers {
		content, err := each.Compressed()
		must(t, err)
		_, err = store.Create(func(w io.Writer) error {
			_, err := io.Copy(w, content)
			return err
		})
		must(t, err)
	}
	return digest.String()
}

func TestALayerMoreLeavesTheBaseAsItIs(t *testing.T) {
	store := openStore(t)
	base := imagetest.Image(t, v1.Config{Env: []string{"A=B"}, Cmd: []string{"sh"}, Labels: map[string]string{"kept": "yes"}}, imagetest.Layer(t, imagetest.File("a", "1")))
	layerTar := filepath.Join(t.TempDir(), "upper.tar")
	must(t, os.WriteFile(layerTar, imagetest.Tar(t, imagetest.File("b", "2")), 0o600))
	image, err := Make(store, Request{
		Base: Base{Digest: stored(t, store, base)}, LayerTar: layerTar, Labels: map[string]string{"new": "yes"}, Config: v1.Config{Cmd: []string{"bash"}}, Created: created, Report: untold,
	})
	must(t, err)
	must(t, validate.Image(image))
	manifest, err := image.Manifest()
	must(t, err)
	baseManifest, err := base.Manifest()
	must(t, err)
	if len(manifest.Layers) != 2 || manifest.Layers[0].Digest != baseManifest.Layers[0].Digest || manifest.Layers[1].MediaType != manifest.Layers[0].MediaType {
		t.Errorf("layers: %+v", manifest.Layers)
	}
	config, err := image.ConfigFile()
	must(t, err)
	if config.Config.Cmd[0] != "bash" || config.Config.Env[0] != "A=B" || config.Config.Labels["kept"] != "yes" || config.Config.Labels["new"] != "yes" {
		t.Errorf("configuration: %+v", config.Config)
	}

	directory := filepath.Join(t.TempDir(), "layout")
	must(t, WriteLayout(image, directory, func(int64, int64) {}))
	index, err := layout.ImageIndexFromPath(directory)
	must(t, err)
	must(t, validate.Index(index))
	if err := WriteLayout(image, directory, func(int64, int64) {}); failure.Of(err).Code != failure.InvalidInput {
		t.Errorf("a second image in the same directory: %v", err)
	}
}

func TestABaseThatIsGoneIsSaidToBe(t *testing.T) {
	_, err := Make(openStore(t), Request{Base: Base{Digest: "sha256:" + strings.Repeat("0", 64)}})
	if failure.Of(err).Code != failure.ImageNotFound {
		t.Errorf("got %v", err)
	}
	for _, wrong := range []Base{{}, {Digest: "x"}, {Digest: "sha256:" + strings.Repeat("0", 64), RootfsDir: "/"}} {
		if _, err := Make(openStore(t), Request{Base: wrong}); failure.Of(err).Code != failure.InvalidInput {
			t.Errorf("%+v: %v", wrong, err)
		}
	}
}
