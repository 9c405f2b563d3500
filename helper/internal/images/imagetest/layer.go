// Package imagetest makes images for tests, and a registry that has them.
package imagetest

import (
	"archive/tar"
	"bytes"
	"io"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// Entry is one header of a layer and its content; its size is filled in.
type Entry struct {
	tar.Header
	Content string
}

// File is an entry of a regular file.
func File(name, content string) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644}, Content: content}
}

// Dir is an entry of a directory.
func Dir(name string, mode int64) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: mode}}
}

// Symlink is an entry of a symbolic link.
func Symlink(name, target string) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeSymlink, Name: name, Linkname: target, Mode: 0o777}}
}

// HardLink is an entry of a second name.
func HardLink(name, target string) Entry {
	return Entry{Header: tar.Header{Typeflag: tar.TypeLink, Name: name, Linkname: target}}
}

// Tar puts entries together.
func Tar(t testing.TB, entries ...Entry) []byte {
	t.Helper()
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	for _, each := range entries {
		each.Size = int64(len(each.Content))
		must(t, writer.WriteHeader(&each.Header))
		_, err := io.WriteString(writer, each.Content)
		must(t, err)
	}
	must(t, writer.Close())
	return archive.Bytes()
}

// Layer is a gzip layer.
func Layer(t testing.TB, entries ...Entry) v1.Layer {
	t.Helper()
	archive := Tar(t, entries...)
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive)), nil })
	must(t, err)
	return layer
}

// Image is an image for linux/amd64.
func Image(t testing.TB, config v1.Config, layers ...v1.Layer) v1.Image {
	t.Helper()
	image, err := mutate.AppendLayers(empty.Image, layers...)
	must(t, err)
	image, err = mutate.ConfigFile(image, withConfig(t, image, config))
	must(t, err)
	return image
}

func withConfig(t testing.TB, image v1.Image, config v1.Config) *v1.ConfigFile {
	t.Helper()
	file, err := image.ConfigFile()
	must(t, err)
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Config = "linux", "amd64", config
	return file
}

// ForPlatform is the same image for another architecture.
func ForPlatform(t testing.TB, image v1.Image, architecture string) v1.Image {
	t.Helper()
	file, err := image.ConfigFile()
	must(t, err)
	file = file.DeepCopy()
	file.Architecture = architecture
	image, err = mutate.ConfigFile(image, file)
	must(t, err)
	return image
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
