// Where images are: a registry, or a directory.

package pull

import (
	"context"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/layout"
	"pyro-mcp/helper/internal/images/manifest"
	"pyro-mcp/helper/internal/images/registry"
)

// Source has one image.
type Source interface {
	blobs.Source
	// Resolve says which image it is now, for linux/amd64.
	Resolve(ctx context.Context) (*manifest.Manifest, error)
}

// Open connects to a registry, or opens the directory of a reference `oci:DIRECTORY[:TAG]`.
func Open(ctx context.Context, reference string, options registry.Options) (Source, error) {
	if place, isLayout := strings.CutPrefix(reference, layout.Scheme); isLayout {
		return layout.Open(place)
	}
	return registry.Open(ctx, reference, transport.PullScope, options)
}
