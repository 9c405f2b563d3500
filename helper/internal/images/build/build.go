// Package build makes images: of a directory tree, or of an image and one layer more.
package build

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"maps"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/klauspost/compress/gzip"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/overlay"
)

// Base is what an image is made of: one that was pulled, or a directory.
type Base struct {
	// Digest is of a manifest in the store.
	Digest string `json:"digest"`
	// RootfsDir becomes one layer.
	RootfsDir string `json:"rootfs_dir"`
	// Exclude are paths in RootfsDir that are left out, with all below them.
	Exclude []string `json:"exclude"`
	// Latest is the latest time of RootfsDir's files, and of the layer they become; that of the image when it is zero.
	Latest time.Time `json:"latest"`
}

// Request says which image to make.
type Request struct {
	Base Base
	// LayerTar is put over the base, if there is one: a plain tar, or that of an overlay's upper layer.
	LayerTar string
	// Config takes the place of the base's, where it says something.
	Config v1.Config
	Labels map[string]string
	// Created is the image's time, and the latest one in the layer that LayerTar becomes.
	Created time.Time
	// Report gets the bytes that have been made a layer; total is 0 while nobody knows it.
	Report func(part Part, done, total int64)
}

// Part is what a layer is made of.
type Part string

const (
	BasePart    Part = "base"
	ChangesPart Part = "changes"
)

// Make returns an image whose new layers are in the store.
func Make(store *blobs.Store, request Request) (v1.Image, error) {
	image, err := base(store, request)
	if err != nil {
		return nil, err
	}
	if request.LayerTar != "" {
		report := func(done, total int64) { request.Report(ChangesPart, done, total) }
		layer, err := layerOf(store, layerType(image), func(w io.Writer) error { return convertFile(w, request, report) })
		if err != nil {
			return nil, err
		}
		if image, err = appendLayer(image, layer, request.Created); err != nil {
			return nil, err
		}
	}
	return configured(image, request)
}

func base(store *blobs.Store, request Request) (v1.Image, error) {
	switch {
	case request.Base.Digest != "" && request.Base.RootfsDir != "":
		return nil, failure.New(failure.InvalidInput, "the base is a digest or a directory, not both")
	case request.Base.Digest != "":
		digest, err := v1.NewHash(request.Base.Digest)
		if err != nil {
			return nil, failure.New(failure.InvalidInput, "%q is no digest", request.Base.Digest)
		}
		return openStored(store, digest)
	case request.Base.RootfsDir == "":
		return nil, failure.New(failure.InvalidInput, "the base is missing")
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	tree := request.Base
	if tree.Latest.IsZero() {
		tree.Latest = request.Created
	}
	layer, err := layerOf(store, types.OCILayer, func(w io.Writer) error {
		return writeTree(w, tree, func(done int64) { request.Report(BasePart, done, 0) })
	})
	if err != nil {
		return nil, err
	}
	return appendLayer(image, layer, tree.Latest)
}

// layerType is of the family that the image is of: registries refuse mixtures.
func layerType(image v1.Image) types.MediaType {
	if mediaType, err := image.MediaType(); err == nil && mediaType == types.DockerManifestSchema2 {
		return types.DockerLayer
	}
	return types.OCILayer
}

func layerOf(store *blobs.Store, mediaType types.MediaType, write func(io.Writer) error) (v1.Layer, error) {
	plain := sha256.New()
	blob, err := store.Create(func(w io.Writer) error {
		// Its header holds neither a name nor a time.
		compressed := gzip.NewWriter(w)
		if err := write(io.MultiWriter(compressed, plain)); err != nil {
			return err
		}
		return compressed.Close()
	})
	if err != nil {
		var known *failure.Error
		if errors.As(err, &known) {
			return nil, known
		}
		return nil, failure.Storage(err, "the layer could not be made")
	}
	blob.MediaType = mediaType
	diffID := v1.Hash{Algorithm: "sha256", Hex: hex.EncodeToString(plain.Sum(nil))}
	return &madeLayer{storedBlob: storedBlob{store: store, descriptor: blob}, diffID: diffID}, nil
}

func convertFile(w io.Writer, request Request, report overlay.Report) error {
	file, err := os.Open(request.LayerTar)
	if err != nil {
		return failure.Storage(err, "the layer could not be read")
	}
	defer file.Close()
	err = overlay.Convert(w, file, request.Created, report)
	if errors.Is(err, overlay.ErrName) {
		return failure.New(failure.ImageInvalid, "the changes cannot be a layer: %v", err)
	}
	return err
}

func appendLayer(image v1.Image, layer v1.Layer, created time.Time) (v1.Image, error) {
	return mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: created.UTC()}, CreatedBy: "pyro-mcp"}})
}

func configured(image v1.Image, request Request) (v1.Image, error) {
	file, err := image.ConfigFile()
	if err != nil {
		return nil, &failure.Error{Code: failure.ImageInvalid, Message: "the configuration of the base is malformed", Cause: err}
	}
	file = file.DeepCopy()
	file.OS, file.Architecture, file.Created = "linux", "amd64", v1.Time{Time: request.Created.UTC()}
	override(&file.Config, request.Config)
	if file.Config.Labels == nil && len(request.Labels) > 0 {
		file.Config.Labels = map[string]string{}
	}
	maps.Copy(file.Config.Labels, request.Labels)
	return mutate.ConfigFile(image, file)
}

func override(config *v1.Config, wanted v1.Config) {
	if wanted.Env != nil {
		config.Env = wanted.Env
	}
	if wanted.WorkingDir != "" {
		config.WorkingDir = wanted.WorkingDir
	}
	if wanted.User != "" {
		config.User = wanted.User
	}
	if wanted.Entrypoint != nil {
		config.Entrypoint = wanted.Entrypoint
	}
	if wanted.Cmd != nil {
		config.Cmd = wanted.Cmd
	}
	if wanted.Shell != nil {
		config.Shell = wanted.Shell
	}
}
