// An image whose parts are in the store, as the library wants to see it.

package build

import (
	"bytes"
	"errors"
	"io"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/partial"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/failure"
)

// maxDocumentBytes holds manifests and configurations.
const maxDocumentBytes = 4 << 20

// storedImage is one that was pulled before.
type storedImage struct {
	store    *blobs.Store
	raw      []byte
	manifest *v1.Manifest
	config   []byte
}

// openStored reads the image whose manifest has that digest.
func openStored(store *blobs.Store, digest v1.Hash) (v1.Image, error) {
	raw, err := readDocument(store, digest)
	if err != nil {
		return nil, err
	}
	manifest, err := v1.ParseManifest(bytes.NewReader(raw))
	if err != nil {
		return nil, &failure.Error{Code: failure.ImageInvalid, Message: "the manifest of the base is malformed", Cause: err}
	}
	config, err := readDocument(store, manifest.Config.Digest)
	if err != nil {
		return nil, err
	}
	return partial.CompressedToImage(&storedImage{store: store, raw: raw, manifest: manifest, config: config})
}

func readDocument(store *blobs.Store, digest v1.Hash) ([]byte, error) {
	file, size, err := store.Open(digest)
	if err != nil {
		return nil, err
	}
	if size > maxDocumentBytes {
		return nil, errors.Join(failure.New(failure.ImageInvalid, "%s is no manifest or configuration", digest), file.Close())
	}
	document, err := io.ReadAll(file)
	return document, errors.Join(err, file.Close())
}

func (i *storedImage) RawManifest() ([]byte, error)   { return i.raw, nil }
func (i *storedImage) RawConfigFile() ([]byte, error) { return i.config, nil }

func (i *storedImage) MediaType() (types.MediaType, error) {
	if i.manifest.MediaType != "" {
		return i.manifest.MediaType, nil
	}
	return types.OCIManifestSchema1, nil
}

// LayerByDigest is also asked for the configuration.
func (i *storedImage) LayerByDigest(digest v1.Hash) (partial.CompressedLayer, error) {
	for _, each := range append([]v1.Descriptor{i.manifest.Config}, i.manifest.Layers...) {
		if each.Digest == digest {
			return &storedBlob{store: i.store, descriptor: each}, nil
		}
	}
	return nil, failure.New(failure.ImageInvalid, "the base has no layer %s", digest)
}

// storedBlob is a compressed layer in the store.
type storedBlob struct {
	store      *blobs.Store
	descriptor v1.Descriptor
}

func (b *storedBlob) Digest() (v1.Hash, error)            { return b.descriptor.Digest, nil }
func (b *storedBlob) Size() (int64, error)                { return b.descriptor.Size, nil }
func (b *storedBlob) MediaType() (types.MediaType, error) { return b.descriptor.MediaType, nil }
func (b *storedBlob) Descriptor() (*v1.Descriptor, error) { return &b.descriptor, nil }
func (b *storedBlob) Compressed() (io.ReadCloser, error) {
	file, _, err := b.store.Open(b.descriptor.Digest)
	return file, err
}

// madeLayer is one that this program has compressed, so that it knows both digests.
type madeLayer struct {
	storedBlob
	diffID v1.Hash
}

func (l *madeLayer) DiffID() (v1.Hash, error) { return l.diffID, nil }

// Uncompressed is asked for by nothing that writes or pushes images.
func (l *madeLayer) Uncompressed() (io.ReadCloser, error) {
	layer, err := partial.CompressedToLayer(&l.storedBlob)
	if err != nil {
		return nil, err
	}
	return layer.Uncompressed()
}

var _ v1.Layer = (*madeLayer)(nil)
