// Images as a directory in OCI's layout.

package build

import (
	"errors"
	"io/fs"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"

	"pyro-mcp/helper/internal/images/failure"
)

// WriteLayout writes an image into a directory that is empty or not there yet.
func WriteLayout(image v1.Image, directory string) error {
	there, err := os.ReadDir(directory)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failure.Storage(err, "the output directory cannot be read")
	}
	if len(there) > 0 {
		return failure.New(failure.InvalidInput, "the output directory is not empty")
	}
	path, err := layout.Write(directory, empty.Index)
	if err == nil {
		err = path.AppendImage(image, layout.WithPlatform(v1.Platform{OS: "linux", Architecture: "amd64"}))
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
