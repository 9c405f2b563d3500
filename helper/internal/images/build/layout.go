// Images as a directory in OCI's layout.

package build

import (
	"errors"
	"io"
	"io/fs"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"

	"pyro-mcp/helper/internal/images/failure"
)

// layoutName is how tools find the image that a layout is asked for without a name: image-spec, annotations.md.
var layoutName = map[string]string{"org.opencontainers.image.ref.name": "latest"}

// WriteLayout writes an image into a directory that is empty or not there yet.
// report gets the bytes of layers.
func WriteLayout(image v1.Image, directory string, report func(done, total int64)) error {
	there, err := os.ReadDir(directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failure.Storage(err, "the output directory cannot be read")
	}
	if len(there) > 0 {
		return failure.New(failure.InvalidInput, "the output directory is not empty")
	}
	path, err := layout.Write(directory, empty.Index)
	if err == nil {
		err = writeLayers(path, image, report)
	}
	if err == nil {
		// It finds the layers there.
		err = path.AppendImage(image, layout.WithPlatform(v1.Platform{OS: "linux", Architecture: "amd64"}), layout.WithAnnotations(layoutName))
	}
	var known *failure.Error
	if errors.As(err, &known) {
		return known
	}
	if err != nil {
		return failure.Storage(err, "the image could not be written")
	}
	return nil
}

func writeLayers(path layout.Path, image v1.Image, report func(done, total int64)) error {
	layers, err := image.Layers()
	if err != nil {
		return err
	}
	counted := &counter{report: report}
	for _, layer := range layers {
		size, err := layer.Size()
		if err != nil {
			return err
		}
		counted.total += size
	}
	for _, layer := range layers {
		if err := writeLayer(path, layer, counted); err != nil {
			return err
		}
	}
	return nil
}

func writeLayer(path layout.Path, layer v1.Layer, counted *counter) error {
	digest, err := layer.Digest()
	if err != nil {
		return err
	}
	content, err := layer.Compressed()
	if err != nil {
		return err
	}
	defer content.Close()
	return path.WriteBlob(digest, io.NopCloser(io.TeeReader(content, counted)))
}

type counter struct {
	report      func(done, total int64)
	done, total int64
}

func (c *counter) Write(piece []byte) (int, error) {
	c.done += int64(len(piece))
	c.report(c.done, c.total)
	return len(piece), nil
}
