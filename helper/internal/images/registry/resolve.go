// From a reference to the manifest of one platform's image.

package registry

import (
	"context"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"pyro-mcp/helper/internal/images/manifest"
)

// resolveTimeout holds all requests for manifests, with their retries.
const resolveTimeout = 2 * time.Minute

// Resolve asks which manifest the reference names now, for linux/amd64.
func (c *Client) Resolve(ctx context.Context) (*manifest.Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	top, err := c.get(ctx, c.reference)
	if err != nil {
		return nil, err
	}
	return manifest.Choose(top, func(chosen v1.Descriptor) (manifest.Document, error) {
		return c.get(ctx, c.reference.Context().Digest(chosen.Digest.String()))
	})
}

const manifestAttempts = 3

// get repeats what the library does not: an answer that breaks off.
func (c *Client) get(ctx context.Context, reference name.Reference) (manifest.Document, error) {
	for attempt := 1; ; attempt++ {
		descriptor, err := remote.Get(reference, remote.WithContext(ctx), remote.WithTransport(c.transport))
		if err == nil {
			return manifest.Document{Raw: descriptor.Manifest, Digest: descriptor.Digest, MediaType: descriptor.MediaType}, nil
		}
		if attempt == manifestAttempts || !isBroken(err) {
			return manifest.Document{}, c.explain(ctx, err)
		}
		select {
		case <-ctx.Done():
			return manifest.Document{}, c.explain(ctx, err)
		case <-time.After(c.patience.FirstPause << attempt):
		}
	}
}
