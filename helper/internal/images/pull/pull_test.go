// Images that are in order.

package pull

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/imagetest"
	"pyro-mcp/helper/internal/images/registry"
	"pyro-mcp/helper/internal/images/secret"
	"pyro-mcp/helper/internal/images/unpack"
)

// quick makes faults short.
var quick = registry.Patience{Silence: 20 * time.Second, FirstPause: time.Millisecond, Total: 3 * time.Second}

func request(t testing.TB, reference string) Request {
	t.Helper()
	// No credentials of the user who runs the tests.
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	return Request{
		Reference: reference, RootfsDir: t.TempDir(), BlobsDir: t.TempDir(), Limits: unpack.Usual,
		Registry: registry.Options{Secrets: &secret.Keeper{}, Patience: quick}, Report: func(Phase, int64, int64) {},
	}
}

func read(t testing.TB, parts ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestAnImageBecomesATreeAndItsConfiguration(t *testing.T) {
	server := imagetest.NewRegistry(t)
	config := v1.Config{Env: []string{"A=B"}, WorkingDir: "/srv", User: "1000", Entrypoint: []string{"/bin/app"}, Labels: map[string]string{"licence": "MIT"}}
	image := imagetest.Image(t, config,
		imagetest.Layer(t, imagetest.Dir("etc/", 0o755), imagetest.File("etc/name", "first"), imagetest.File("etc/gone", "x")),
		imagetest.Layer(t, imagetest.File("etc/.wh.gone", ""), imagetest.File("etc/name", "second"), imagetest.HardLink("etc/other", "etc/name")))
	asked := request(t, server.Push(t, "team/app:1", image))
	asked.MountPoints = []unpack.MountPoint{{Path: "/run/pyro", Kind: "directory", Mode: 0o700}, {Path: "/etc/hosts", Kind: "file", Mode: 0o644, Text: "hosts"}}

	result, err := Run(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, asked.RootfsDir, "etc/other"); got != "second" {
		t.Errorf("the later layer does not count: %q", got)
	}
	if _, err := os.Lstat(filepath.Join(asked.RootfsDir, "etc/gone")); !os.IsNotExist(err) {
		t.Errorf("what a whiteout removes is there: %v", err)
	}
	if got := read(t, asked.RootfsDir, "etc/hosts"); got != "hosts" {
		t.Errorf("no mount point: %q", got)
	}
	want, err := image.Digest()
	if err != nil || result.Digest != want {
		t.Errorf("digest %v, want %v (%v)", result.Digest, want, err)
	}
	if len(result.Layers) != 2 || result.EntryCount != 6 || result.SizeBytes != int64(len("secondhosts")) {
		t.Errorf("result: %+v", result)
	}
	if !slices.Equal(result.Config.Env, config.Env) || result.Config.WorkingDir != "/srv" || result.Config.User != "1000" || result.Config.Labels["licence"] != "MIT" {
		t.Errorf("configuration: %+v", result.Config)
	}
}

func TestLayersThatAreThereAreNotDownloadedAgain(t *testing.T) {
	server := imagetest.NewRegistry(t)
	shared := imagetest.Layer(t, imagetest.File("shared", string(bytes.Repeat([]byte("x"), 1000))))
	first := request(t, server.Push(t, "first", imagetest.Image(t, v1.Config{}, shared)))
	if _, err := Run(context.Background(), first); err != nil {
		t.Fatal(err)
	}
	second := request(t, server.Push(t, "second", imagetest.Image(t, v1.Config{User: "app"}, shared, imagetest.Layer(t, imagetest.File("own", "y")))))
	second.BlobsDir = first.BlobsDir
	if _, err := Run(context.Background(), second); err != nil {
		t.Fatal(err)
	}
	digest, err := shared.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if downloads := server.Count("GET /v2/first/blobs/"+digest.String()) + server.Count("GET /v2/second/blobs/"+digest.String()); downloads != 1 {
		t.Errorf("the shared layer was downloaded %d times", downloads)
	}
	if got := read(t, second.RootfsDir, "own"); got != "y" {
		t.Errorf("own layer: %q", got)
	}
}
