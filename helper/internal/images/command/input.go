// The one line on stdin.

package command

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"

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

func (i *input) options(out *output) registry.Options {
	return registry.Options{InsecureHosts: i.InsecureHosts, CAFile: i.CAFile, Secrets: out.secrets}
}
