// The one line on stdin.

package command

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/build"
	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/registry"
	"pyro-mcp/helper/internal/images/unpack"
)

// maxInputBytes holds any number of mount points and labels.
const maxInputBytes = 1 << 20

type input struct {
	Reference   string              `json:"reference"`
	RootfsDir   string              `json:"rootfs_dir"`
	BlobsDir    string              `json:"blobs_dir"`
	MountPoints []unpack.MountPoint `json:"mount_points"`
	// DockerConfigDir takes the place of DOCKER_CONFIG.
	DockerConfigDir string   `json:"docker_config_dir"`
	InsecureHosts   []string `json:"insecure_hosts"`
	CAFile          string   `json:"ca_file"`

	// For images that go out.
	Base      build.Base        `json:"base"`
	LayerTar  string            `json:"layer_tar"`
	OutputDir string            `json:"output_dir"`
	Labels    map[string]string `json:"labels"`
	Config    config            `json:"config"`
	// Created is RFC 3339.
	Created string `json:"created"`
}

// config takes the place of the base's, where it says something.
type config struct {
	Env        []string `json:"env"`
	WorkingDir string   `json:"working_dir"`
	User       string   `json:"user"`
	Entrypoint []string `json:"entrypoint"`
	Cmd        []string `json:"cmd"`
	Shell      []string `json:"shell"`
}

func (c config) wanted() v1.Config {
	return v1.Config{Env: c.Env, WorkingDir: c.WorkingDir, User: c.User, Entrypoint: c.Entrypoint, Cmd: c.Cmd, Shell: c.Shell}
}

// readInput returns the request, and what is left of stdin.
func readInput(stdin io.Reader) (*input, io.Reader, error) {
	rest := bufio.NewReader(stdin)
	line, err := bufio.NewReader(io.LimitReader(rest, maxInputBytes)).ReadBytes('\n')
	if err != nil {
		return nil, nil, failure.New(failure.InvalidInput, "stdin does not bring one line of JSON")
	}
	read := &input{}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(read); err != nil {
		return nil, nil, &failure.Error{Code: failure.InvalidInput, Message: "the request cannot be read", Cause: err}
	}
	if read.DockerConfigDir != "" {
		// The library reads it from there only.
		if err := os.Setenv("DOCKER_CONFIG", read.DockerConfigDir); err != nil {
			return nil, nil, err
		}
	}
	return read, rest, nil
}

// needsPaths refuses relative ones: the working directory is nobody's choice.
func needsPaths(paths ...string) error {
	for _, each := range paths {
		if !filepath.IsAbs(each) {
			return failure.New(failure.InvalidInput, "%q is no absolute path", each)
		}
	}
	return nil
}

func (i *input) options(out *output) registry.Options {
	return registry.Options{InsecureHosts: i.InsecureHosts, CAFile: i.CAFile, Secrets: out.secrets, Waits: out.waiting}
}
