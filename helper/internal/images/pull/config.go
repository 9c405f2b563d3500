// The configuration of an image: how its commands run.

package pull

import (
	"context"
	"errors"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/manifest"
)

// maxConfigBytes: configurations list every layer and every variable, in some kilobytes.
const maxConfigBytes = 4 << 20

// Config is what a guest of the image needs to know.
type Config struct {
	Env        []string          `json:"env"`
	WorkingDir string            `json:"working_dir"`
	User       string            `json:"user"`
	Entrypoint []string          `json:"entrypoint"`
	Cmd        []string          `json:"cmd"`
	Shell      []string          `json:"shell"`
	Labels     map[string]string `json:"labels"`
	// Created is RFC 3339, "" when the image does not say.
	Created string `json:"created"`
}

func readConfig(ctx context.Context, store *blobs.Store, source Source, described *manifest.Manifest) (*v1.ConfigFile, error) {
	if described.Config.Size > maxConfigBytes {
		return nil, failure.New(failure.ImageHostile, "the configuration of the image has more than %d MiB", maxConfigBytes>>20)
	}
	file, err := store.Fetch(ctx, source, described.Config, func(int64) {})
	if err != nil {
		return nil, err
	}
	config, err := v1.ParseConfigFile(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, &failure.Error{Code: failure.ImageInvalid, Message: "the configuration of the image is malformed", Cause: err}
	}
	if err := manifest.CheckPlatform(config); err != nil {
		return nil, err
	}
	if len(config.RootFS.DiffIDs) != len(described.Layers) {
		return nil, failure.New(failure.ImageInvalid, "the configuration of the image is of %d layers, its manifest of %d", len(config.RootFS.DiffIDs), len(described.Layers))
	}
	for _, layer := range described.Layers {
		if !layer.MediaType.IsLayer() {
			return nil, failure.New(failure.ImageInvalid, "the image has a layer of unknown type %q", string(layer.MediaType))
		}
	}
	return config, nil
}

func summarise(file *v1.ConfigFile) Config {
	config := file.Config
	summary := Config{
		Env: list(config.Env), WorkingDir: config.WorkingDir, User: config.User,
		Entrypoint: list(config.Entrypoint), Cmd: list(config.Cmd), Shell: list(config.Shell), Labels: config.Labels,
	}
	if summary.Labels == nil {
		summary.Labels = map[string]string{}
	}
	if !file.Created.IsZero() {
		summary.Created = file.Created.UTC().Format(time.RFC3339)
	}
	return summary
}

// list makes none an empty one, which is what it is in JSON.
func list(texts []string) []string {
	if texts == nil {
		return []string{}
	}
	return texts
}
