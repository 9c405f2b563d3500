// The one platform that guests have.

package manifest

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/failure"
)

const (
	operatingSystem = "linux"
	architecture    = "amd64"
)

// variants are the levels of x86-64, the best first: "v1" is what every machine has.
var variants = []string{"", "v1", "v2", "v3"}

// choose returns the index's manifest for linux/amd64.
func choose(index []byte) (v1.Descriptor, error) {
	parsed, err := v1.ParseIndexManifest(bytes.NewReader(index))
	if err != nil {
		return v1.Descriptor{}, &failure.Error{Code: failure.ImageInvalid, Message: "the index is malformed", Cause: err}
	}
	var fitting []v1.Descriptor
	var offered []string
	for _, each := range parsed.Manifests {
		if !each.MediaType.IsImage() {
			continue
		}
		// Without a platform it is the usual one, as the library and Docker have it.
		platform := v1.Platform{OS: operatingSystem, Architecture: architecture}
		if each.Platform != nil {
			platform = *each.Platform
		}
		if platform.OS == operatingSystem && platform.Architecture == architecture && slices.Contains(variants, platform.Variant) {
			fitting = append(fitting, each)
		}
		offered = append(offered, platform.String())
	}
	if len(fitting) == 0 {
		return v1.Descriptor{}, platformMissing(offered)
	}
	return slices.MinFunc(fitting, func(a, b v1.Descriptor) int { return cmp.Compare(rank(a), rank(b)) }), nil
}

func rank(image v1.Descriptor) int {
	if image.Platform == nil {
		return len(variants)
	}
	return slices.Index(variants, image.Platform.Variant)
}

// CheckPlatform refuses the configuration of an image for another platform.
func CheckPlatform(config *v1.ConfigFile) error {
	// Some builders leave both empty.
	if (config.OS == "" || config.OS == operatingSystem) && (config.Architecture == "" || config.Architecture == architecture) {
		return nil
	}
	return platformMissing([]string{config.OS + "/" + config.Architecture})
}

// maxOffered bounds the list in an error.
const maxOffered = 20

func platformMissing(offered []string) error {
	offered = offered[:min(len(offered), maxOffered)]
	missing := failure.New(failure.PlatformMissing, "the image does not exist for %s/%s", operatingSystem, architecture)
	if len(offered) > 0 {
		missing.Message += ", only for " + strings.Join(offered, ", ")
	}
	missing.Details = map[string]any{"platforms": offered}
	return missing
}
