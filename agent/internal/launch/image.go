// What the image that a guest was made from says about its commands.

package launch

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// ImageFile is put into the tree of an environment that comes from an image, by
// src/environment/image/image-file.ts. Without it a guest's commands get the
// agent's own defaults.
const ImageFile = "/usr/lib/pyro/image.json"

// maxImageBytes bounds the file, which the guest's root can write for the next
// start from a snapshot.
const maxImageBytes = 1 << 20

// Image is the part of an image's configuration that commands feel, named as in
// the image specification, config.md.
type Image struct {
	// Env has entries of the form NAME=VALUE.
	Env []string `json:"env"`
	// WorkingDir is where a command starts that asks for no directory.
	WorkingDir string `json:"working_dir"`
	// User is a name or number, with ":" and a group after it or without.
	User string `json:"user"`
	// Shell is what a command line is given to, as its last argument.
	Shell []string `json:"shell"`
}

// ReadImage reads file. That there is none is no error.
func ReadImage(file string) (Image, error) {
	opened, err := os.Open(file)
	if os.IsNotExist(err) {
		return Image{}, nil
	}
	if err != nil {
		return Image{}, err
	}
	defer opened.Close()
	content, err := io.ReadAll(io.LimitReader(opened, maxImageBytes))
	if err != nil {
		return Image{}, err
	}
	image, err := parseImage(content)
	if err != nil {
		return Image{}, fmt.Errorf("%s: %w", file, err)
	}
	return image, nil
}

func parseImage(content []byte) (Image, error) {
	var image Image
	if err := json.Unmarshal(content, &image); err != nil {
		return Image{}, err
	}
	return image, (Spec{Argv: []string{"x"}, Cwd: image.WorkingDir, Env: image.environment()}).Validate()
}

// environment leaves out what names nothing: images have it, and no program sees it.
func (i Image) environment() map[string]string {
	env := make(map[string]string, len(i.Env))
	for _, entry := range i.Env {
		if name, value, ok := strings.Cut(entry, "="); ok && name != "" {
			env[name] = value
		}
	}
	return env
}

// commandLine puts the image's shell in the place of the guest's, if it has one.
func (i Image) commandLine(argv []string) []string {
	if argv[0] != "" || len(i.Shell) == 0 {
		return argv
	}
	return append(slices.Clone(i.Shell), argv[len(argv)-1])
}
