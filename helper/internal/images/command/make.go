// Images that go out: `pyro-helper image layout` and `image push`.

package command

import (
	"context"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/build"
	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/pull"
	"pyro-mcp/helper/internal/images/registry"
)

// made is the result of both.
type made struct {
	Digest    string       `json:"digest"`
	MediaType string       `json:"media_type"`
	Layers    []pull.Layer `json:"layers"`
	SizeBytes int64        `json:"size_bytes"`
}

func runLayout(_ context.Context, input *input, out *output) (any, error) {
	if err := needsPaths(input.OutputDir); err != nil {
		return nil, err
	}
	image, err := makeImage(input, out)
	if err != nil {
		return nil, err
	}
	if err := build.WriteLayout(image, input.OutputDir, func(done, total int64) { out.progress(writing, done, total) }); err != nil {
		return nil, err
	}
	return describe(image)
}

func runPush(ctx context.Context, input *input, out *output) (any, error) {
	// First of all: making the image takes long, and the registry may not want it.
	client, err := registry.Open(ctx, input.Reference, transport.PushScope, input.options(out))
	if err == nil {
		err = client.MayPush(ctx)
	}
	if err != nil {
		return nil, err
	}
	image, err := makeImage(input, out)
	if err != nil {
		return nil, err
	}
	if err := client.Push(ctx, image, func(done, total int64) { out.progress(uploading, done, total) }); err != nil {
		return nil, err
	}
	return describe(image)
}

const (
	writing   pull.Phase = "write"
	uploading pull.Phase = "upload"
)

func makeImage(input *input, out *output) (v1.Image, error) {
	if err := needsPaths(input.BlobsDir); err != nil {
		return nil, err
	}
	created := time.Time{}
	if input.Created != "" {
		parsed, err := time.Parse(time.RFC3339, input.Created)
		if err != nil {
			return nil, failure.New(failure.InvalidInput, "%q is no time", input.Created)
		}
		created = parsed
	}
	store, err := blobs.Open(input.BlobsDir, out.waiting)
	if err != nil {
		return nil, err
	}
	return build.Make(store, build.Request{
		Base: input.Base, LayerTar: input.LayerTar, Config: input.Config.wanted(), Labels: input.Labels, Created: created,
		Report: func(part build.Part, done, total int64) { out.progress(pull.Phase(part), done, total) },
	})
}

func describe(image v1.Image) (made, error) {
	digest, err := image.Digest()
	if err != nil {
		return made{}, err
	}
	manifest, err := image.Manifest()
	if err != nil {
		return made{}, err
	}
	described := made{Digest: digest.String(), MediaType: string(manifest.MediaType), Layers: pull.Describe(manifest.Layers)}
	for _, each := range manifest.Layers {
		described.SizeBytes += each.Size
	}
	return described, nil
}
