// Package pull gets an image from where it is and makes a directory tree of it.
package pull

import (
	"context"
	"errors"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/registry"
	"pyro-mcp/helper/internal/images/unpack"
)

// Request is what to pull, and where to.
type Request struct {
	Reference   string
	RootfsDir   string
	BlobsDir    string
	MountPoints []unpack.MountPoint
	Registry    registry.Options
	Limits      unpack.Limits
	// Report is called from several goroutines, with every piece.
	Report func(phase Phase, doneBytes, totalBytes int64)
}

// Phase is what goes on.
type Phase string

const (
	Resolve  Phase = "resolve"
	Download Phase = "download"
	Unpack   Phase = "unpack"
)

// Result is the image that was pulled.
type Result struct {
	Reference   string   `json:"reference"`
	Digest      v1.Hash  `json:"digest"`
	IndexDigest *v1.Hash `json:"index_digest,omitempty"`
	// MediaType is of the manifest.
	MediaType  types.MediaType `json:"media_type"`
	Layers     []Layer         `json:"layers"`
	Config     Config          `json:"config"`
	EntryCount int             `json:"entry_count"`
	SizeBytes  int64           `json:"size_bytes"`
	Notes      []string        `json:"notes"`
}

// Layer is one layer as it is stored there.
type Layer struct {
	Digest    v1.Hash         `json:"digest"`
	SizeBytes int64           `json:"size_bytes"`
	MediaType types.MediaType `json:"media_type"`
}

// Run pulls. What was downloaded stays in the store, whatever happens.
func Run(ctx context.Context, request Request) (result *Result, err error) {
	tree, err := unpack.Open(request.RootfsDir, request.Limits)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, tree.Close()) }()
	store, err := blobs.Open(request.BlobsDir, request.Registry.Tell)
	if err != nil {
		return nil, err
	}
	request.Report(Resolve, 0, 0)
	source, err := Open(ctx, request.Reference, request.Registry)
	if err != nil {
		return nil, err
	}
	manifest, err := source.Resolve(ctx)
	if err != nil {
		return nil, err
	}
	if err := store.Put(ctx, manifest.Digest, manifest.Raw); err != nil {
		return nil, err
	}
	config, err := readConfig(ctx, store, source, manifest)
	if err != nil {
		return nil, err
	}
	if err := putLayers(ctx, request, store, source, manifest.Layers, tree); err != nil {
		return nil, err
	}
	if err := tree.Provide(request.MountPoints); err != nil {
		return nil, err
	}
	summary, err := tree.Finish()
	if err != nil {
		return nil, err
	}
	if err := tree.Flush(); err != nil {
		return nil, err
	}
	return &Result{
		Reference: request.Reference, Digest: manifest.Digest, IndexDigest: manifest.IndexDigest, MediaType: manifest.MediaType,
		Layers: Describe(manifest.Layers), Config: summarise(config),
		EntryCount: summary.Entries, SizeBytes: summary.SizeBytes, Notes: summary.Notes,
	}, nil
}

// Describe tells of layers what callers want to know.
func Describe(layers []v1.Descriptor) []Layer {
	described := make([]Layer, 0, len(layers))
	for _, each := range layers {
		described = append(described, Layer{Digest: each.Digest, SizeBytes: each.Size, MediaType: each.MediaType})
	}
	return described
}
