// Documents that strangers wrote.

package manifest

import (
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"pyro-mcp/helper/internal/images/failure"
)

// FuzzDocument: whatever a registry sends for a manifest or an index is an
// image of the right platform with usable blobs, or an error with a code.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:` +
		`0000000000000000000000000000000000000000000000000000000000000000","size":1},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"sha256:` +
		`0000000000000000000000000000000000000000000000000000000000000000","size":-1}]}`))
	f.Add([]byte(`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:` +
		`0000000000000000000000000000000000000000000000000000000000000000","size":1,"platform":{"os":"linux","architecture":"amd64","variant":"v2"}}]}`))
	f.Add([]byte(`{"schemaVersion":1}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		chosen, err := Choose(Document{Raw: document, MediaType: types.OCIManifestSchema1}, func(v1.Descriptor) (Document, error) {
			return Document{}, failure.New(failure.ImageNotFound, "nothing more")
		})
		if err == nil {
			checkBlobs(t, chosen)
		}
		if err != nil && failure.Of(err).Code == failure.Internal {
			t.Errorf("an error without a code: %v", err)
		}
	})
}

func checkBlobs(t *testing.T, manifest *Manifest) {
	for _, each := range append([]v1.Descriptor{manifest.Config}, manifest.Layers...) {
		if each.Size < 0 || len(each.Digest.Hex) < 64 {
			t.Errorf("a blob without a size or a digest: %+v", each)
		}
	}
}
