// Package manifest reads the documents that describe images, wherever they come
// from: manifests, and the indexes that lead to them.
package manifest

import (
	"bytes"
	"encoding/json"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"pyro-mcp/helper/internal/images/failure"
)

const (
	// MaxBytes is what registries take, distribution-spec "Pushing Manifests".
	MaxBytes = 4 << 20
	// maxLayers is far above what any builder makes (127).
	maxLayers = 1024
)

// Manifest is one platform's image.
type Manifest struct {
	Digest    v1.Hash
	MediaType types.MediaType
	// IndexDigest is of the index that the manifest was chosen from, if any.
	IndexDigest *v1.Hash
	Raw         []byte
	Config      v1.Descriptor
	Layers      []v1.Descriptor
}

// Document is a manifest or an index as it was received; its digest is true.
type Document struct {
	Raw    []byte
	Digest v1.Hash
	// MediaType is what the sender says that it is.
	MediaType types.MediaType
}

// Choose returns the image that top is, or the one for linux/amd64 that it leads
// to; open gets what an index names.
func Choose(top Document, open func(v1.Descriptor) (Document, error)) (*Manifest, error) {
	mediaType, err := mediaTypeOf(top)
	if err != nil {
		return nil, err
	}
	if !mediaType.IsIndex() {
		return parse(top, mediaType)
	}
	chosen, err := choose(top.Raw)
	if err != nil {
		return nil, err
	}
	child, err := open(chosen)
	if err != nil {
		return nil, err
	}
	if mediaType, err = mediaTypeOf(child); err != nil {
		return nil, err
	}
	manifest, err := parse(child, mediaType)
	if err != nil {
		return nil, err
	}
	manifest.IndexDigest = &top.Digest
	return manifest, nil
}

// mediaTypeOf trusts the document before the header: the digest covers it, and
// one document must not be read in two ways (CVE-2021-41190).
func mediaTypeOf(document Document) (types.MediaType, error) {
	if len(document.Raw) > MaxBytes {
		return "", failure.New(failure.ImageInvalid, "the manifest has more than %d MiB", MaxBytes>>20)
	}
	var outline struct {
		SchemaVersion int             `json:"schemaVersion"`
		MediaType     types.MediaType `json:"mediaType"`
		Manifests     json.RawMessage `json:"manifests"`
		Layers        json.RawMessage `json:"layers"`
	}
	if err := json.Unmarshal(document.Raw, &outline); err != nil {
		return "", &failure.Error{Code: failure.ImageInvalid, Message: "the manifest is not JSON", Cause: err}
	}
	if outline.Manifests != nil && outline.Layers != nil {
		return "", failure.New(failure.ImageInvalid, "the manifest is an image and an index at once")
	}
	mediaType := outline.MediaType
	if mediaType == "" {
		mediaType = document.MediaType
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

func parse(document Document, mediaType types.MediaType) (*Manifest, error) {
	parsed, err := v1.ParseManifest(bytes.NewReader(document.Raw))
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
	return &Manifest{Digest: document.Digest, MediaType: mediaType, Raw: document.Raw, Config: parsed.Config, Layers: parsed.Layers}, nil
}
