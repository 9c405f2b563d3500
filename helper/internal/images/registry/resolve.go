// From a reference to the manifest of one platform's image.

package registry

import (
	"bytes"
	"context"
	"encoding/json"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"pyro-mcp/helper/internal/images/failure"
)

const (
	// resolveTimeout holds all requests for manifests, with their retries.
	resolveTimeout = 2 * time.Minute
	// maxManifestBytes is what registries take, distribution-spec "Pushing Manifests".
	maxManifestBytes = 4 << 20
	// maxLayers is far above what any builder makes (127).
	maxLayers = 1024
)

// Manifest is one platform's image, as its registry has it.
type Manifest struct {
	Digest    v1.Hash
	MediaType types.MediaType
	// IndexDigest is of the index that the manifest was chosen from, if any.
	IndexDigest *v1.Hash
	Raw         []byte
	Config      v1.Descriptor
	Layers      []v1.Descriptor
}

// Resolve asks which manifest the reference names now, for linux/amd64.
func (c *Client) Resolve(ctx context.Context) (*Manifest, error) {
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	top, err := c.get(ctx, c.reference)
	if err != nil {
		return nil, err
	}
	mediaType, err := mediaTypeOf(top.Manifest, top.MediaType)
	if err != nil {
		return nil, err
	}
	if !mediaType.IsIndex() {
		return parseManifest(top.Manifest, top.Digest, mediaType)
	}
	chosen, err := choose(top.Manifest)
	if err != nil {
		return nil, err
	}
	child, err := c.get(ctx, c.reference.Context().Digest(chosen.Digest.String()))
	if err != nil {
		return nil, err
	}
	if mediaType, err = mediaTypeOf(child.Manifest, child.MediaType); err != nil {
		return nil, err
	}
	manifest, err := parseManifest(child.Manifest, child.Digest, mediaType)
	if err != nil {
		return nil, err
	}
	manifest.IndexDigest = &top.Digest
	return manifest, nil
}

const manifestAttempts = 3

// get repeats what the library does not: an answer that breaks off.
func (c *Client) get(ctx context.Context, reference name.Reference) (*remote.Descriptor, error) {
	for attempt := 1; ; attempt++ {
		descriptor, err := remote.Get(reference, remote.WithContext(ctx), remote.WithTransport(c.transport))
		if err == nil {
			return descriptor, nil
		}
		if attempt == manifestAttempts || !isBroken(err) {
			return nil, c.explain(ctx, err)
		}
		select {
		case <-ctx.Done():
			return nil, c.explain(ctx, err)
		case <-time.After(c.patience.FirstPause << attempt):
		}
	}
}

// mediaTypeOf trusts the document before the header: the digest covers it, and
// one document must not be read in two ways (CVE-2021-41190).
func mediaTypeOf(document []byte, header types.MediaType) (types.MediaType, error) {
	if len(document) > maxManifestBytes {
		return "", failure.New(failure.ImageInvalid, "the manifest has more than %d MiB", maxManifestBytes>>20)
	}
	var outline struct {
		SchemaVersion int             `json:"schemaVersion"`
		MediaType     types.MediaType `json:"mediaType"`
		Manifests     json.RawMessage `json:"manifests"`
		Layers        json.RawMessage `json:"layers"`
	}
	if err := json.Unmarshal(document, &outline); err != nil {
		return "", &failure.Error{Code: failure.ImageInvalid, Message: "the manifest is not JSON", Cause: err}
	}
	if outline.Manifests != nil && outline.Layers != nil {
		return "", failure.New(failure.ImageInvalid, "the manifest is an image and an index at once")
	}
	mediaType := outline.MediaType
	if mediaType == "" {
		mediaType = header
	}
	switch {
	case outline.SchemaVersion == 1 || mediaType == types.DockerManifestSchema1 || mediaType == types.DockerManifestSchema1Signed:
		return "", &failure.Error{
			Code: failure.ImageInvalid, Message: "the image has the old format of Docker's schema 1",
			Hint: "Push it again with a present builder.",
		}
	case mediaType.IsImage() || mediaType.IsIndex():
		return mediaType, nil
	default:
		return "", failure.New(failure.ImageInvalid, "this is no image but %q", string(mediaType))
	}
}

func parseManifest(document []byte, digest v1.Hash, mediaType types.MediaType) (*Manifest, error) {
	parsed, err := v1.ParseManifest(bytes.NewReader(document))
	if err != nil {
		return nil, &failure.Error{Code: failure.ImageInvalid, Message: "the manifest is malformed", Cause: err}
	}
	if !parsed.Config.MediaType.IsConfig() {
		return nil, failure.New(failure.ImageInvalid, "this is no image but an artifact of type %q", string(parsed.Config.MediaType))
	}
	if len(parsed.Layers) > maxLayers {
		return nil, failure.New(failure.ImageHostile, "the image has %d layers", len(parsed.Layers))
	}
	for _, each := range append([]v1.Descriptor{parsed.Config}, parsed.Layers...) {
		if _, err := v1.Hasher(each.Digest.Algorithm); err != nil || each.Size < 0 {
			return nil, failure.New(failure.ImageInvalid, "the manifest names a blob without a usable digest or size")
		}
	}
	return &Manifest{Digest: digest, MediaType: mediaType, Raw: document, Config: parsed.Config, Layers: parsed.Layers}, nil
}
