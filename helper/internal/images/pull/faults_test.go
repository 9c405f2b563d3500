// What goes wrong at a registry, and what is made of it.

package pull

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"

	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/imagetest"
	"pyro-mcp/helper/internal/images/registry"
)

var (
	isAny      = imagetest.IsAny
	isBlob     = imagetest.IsBlob
	isManifest = imagetest.IsManifest
)

func isPing(request *http.Request) bool { return request.URL.Path == "/v2/" }

// sample is an image of two layers, the second of some 100 KB that do not compress.
func sample(t testing.TB) (image v1.Image, large v1.Layer) {
	t.Helper()
	large, err := random.Layer(100_000, "application/vnd.docker.image.rootfs.diff.tar.gzip")
	if err != nil {
		t.Fatal(err)
	}
	return imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "1")), large), large
}

func isOf(layer v1.Layer) func(*http.Request) bool {
	digest, err := layer.Digest()
	return func(request *http.Request) bool {
		return err == nil && strings.HasSuffix(request.URL.Path, digest.String())
	}
}

// impatient is for registries that say nothing.
var impatient = registry.Patience{Silence: time.Second, FirstPause: time.Millisecond, Total: 3 * time.Second}

func pullBroken(t *testing.T, fault imagetest.Fault) (*imagetest.Registry, *failure.Error) {
	t.Helper()
	server := imagetest.NewRegistry(t)
	image, _ := sample(t)
	asked := request(t, server.Push(t, "app", image))
	asked.Registry.Patience = impatient
	server.Break(fault)
	_, err := Run(context.Background(), asked)
	if err == nil {
		return server, nil
	}
	return server, failure.Of(err)
}

func TestEachFaultHasItsCode(t *testing.T) {
	for name, test := range map[string]struct {
		fault imagetest.Fault
		want  failure.Code
	}{
		"401":                           {imagetest.Status(isAny, 401, 0), failure.RegistryDenied},
		"401 for the manifest":          {imagetest.Status(isManifest, 401, 0), failure.RegistryDenied},
		"403 for the manifest":          {imagetest.Status(isManifest, 403, 0), failure.RegistryDenied},
		"403 for a blob":                {imagetest.Status(isBlob, 403, 0), failure.RegistryDenied},
		"404 for the manifest":          {imagetest.Status(isManifest, 404, 0), failure.ImageNotFound},
		"404 for a blob":                {imagetest.Status(isBlob, 404, 0), failure.ImageInvalid},
		"429 without a time":            {imagetest.Status(isManifest, 429, 0), failure.RegistryBusy},
		"500 for everything":            {imagetest.Status(isAny, 500, 0), failure.RegistryFailed},
		"502 for the manifest":          {imagetest.Status(isManifest, 502, 0), failure.RegistryFailed},
		"503 for a blob":                {imagetest.Status(isBlob, 503, 0), failure.RegistryFailed},
		"418":                           {imagetest.Status(isManifest, 418, 0), failure.RegistryFailed},
		"cut in the ping":               {imagetest.Cut(isPing, 0, 0), failure.RegistryUnreachable},
		"cut in the manifest":           {imagetest.Cut(isManifest, 30, 0), failure.RegistryUnreachable},
		"cut in a blob, always":         {imagetest.Cut(isBlob, 0, 0), failure.RegistryUnreachable},
		"silence in the ping":           {imagetest.Silent(isPing, 0), failure.RegistryUnreachable},
		"silence in the manifest":       {imagetest.Silent(isManifest, 0), failure.RegistryUnreachable},
		"a manifest that is no JSON":    {imagetest.Replace(isManifest, "application/vnd.oci.image.manifest.v1+json", []byte("<html>")), failure.ImageInvalid},
		"a manifest that is a page":     {imagetest.Replace(isManifest, "text/html", []byte("{}")), failure.ImageInvalid},
		"a manifest with no blobs":      {imagetest.Replace(isManifest, "application/vnd.oci.image.manifest.v1+json", []byte(`{"schemaVersion":2}`)), failure.ImageInvalid},
		"an empty answer":               {imagetest.Replace(isManifest, "application/json", nil), failure.ImageInvalid},
		"an image and an index at once": {imagetest.Replace(isManifest, "application/vnd.oci.image.index.v1+json", []byte(`{"schemaVersion":2,"manifests":[],"layers":[]}`)), failure.ImageInvalid},
		"a manifest without an end":     {imagetest.Replace(isManifest, "application/vnd.oci.image.manifest.v1+json", make([]byte, 5<<20)), failure.ImageInvalid},
		"schema 1":                      {imagetest.Replace(isManifest, "application/vnd.docker.distribution.manifest.v1+prettyjws", []byte(`{"schemaVersion":1,"fsLayers":[]}`)), failure.ImageInvalid},
		"an index of nothing":           {imagetest.Replace(isManifest, "application/vnd.oci.image.index.v1+json", []byte(`{"schemaVersion":2,"manifests":[]}`)), failure.PlatformMissing},
		"a path for a digest":           {imagetest.Replace(isManifest, "application/vnd.oci.image.manifest.v1+json", []byte(`{"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:../../x","size":1},"layers":[]}`)), failure.ImageInvalid},
		"a blob with another digest":    {imagetest.Replace(isBlob, "application/octet-stream", []byte("other")), failure.ImageInvalid},
		"redirect to link-local":        {imagetest.Redirect(isBlob, "http://169.254.169.254/latest/meta-data"), failure.ImageHostile},
		"redirect to a private range":   {imagetest.Redirect(isBlob, "http://10.255.255.1/"), failure.ImageHostile},
		"manifest to link-local":        {imagetest.Redirect(isManifest, "http://169.254.169.254/"), failure.ImageHostile},
		"redirects without an end":      {redirectToSelf, failure.RegistryFailed},
		"a token server on link-local":  {imagetest.Status(isPing, 401, 0, "WWW-Authenticate", `Bearer realm="http://169.254.169.254/token",service="x"`), failure.ImageHostile},
		"authentication without realm":  {imagetest.Status(isPing, 401, 0, "WWW-Authenticate", `Bearer service="x"`), failure.RegistryFailed},
	} {
		t.Run(name, func(t *testing.T) {
			_, got := pullBroken(t, test.fault)
			if got == nil || got.Code != test.want {
				t.Errorf("got %+v, want %s", got, test.want)
			}
		})
	}
}

func redirectToSelf(next http.Handler, w http.ResponseWriter, request *http.Request) {
	if !isBlob(request) {
		next.ServeHTTP(w, request)
		return
	}
	http.Redirect(w, request, request.URL.Path, http.StatusTemporaryRedirect)
}

func TestPassingFaultsAreOutlived(t *testing.T) {
	for name, fault := range map[string]imagetest.Fault{
		"429 with a short time":     imagetest.Status(isManifest, 429, 2, "Retry-After", "0"),
		"429 for a blob":            imagetest.Status(isBlob, 429, 2),
		"503 with a date":           imagetest.Status(isAny, 503, 2, "Retry-After", time.Now().Format(http.TimeFormat)),
		"500":                       imagetest.Status(isAny, 500, 2),
		"a cut ping":                imagetest.Cut(isPing, 0, 1),
		"a cut manifest":            imagetest.Cut(isManifest, 0, 2),
		"cut before a blob":         imagetest.Cut(isBlob, 0, 2),
		"cut within a blob":         imagetest.Cut(isBlob, 20, 4),
		"silence instead of a blob": imagetest.Silent(isBlob, 1),
		"no ranges":                 imagetest.WithoutRanges,
	} {
		t.Run(name, func(t *testing.T) {
			if _, got := pullBroken(t, fault); got != nil {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestABusyRegistrySaysWhenToComeAgain(t *testing.T) {
	server, got := pullBroken(t, imagetest.Status(isManifest, 429, 0, "Retry-After", "3600"))
	if got == nil || got.Code != failure.RegistryBusy || got.Details["retry_after_seconds"] != 3600 {
		t.Errorf("got %+v", got)
	}
	if count := server.Count("GET /v2/app/manifests"); count != 1 {
		t.Errorf("it was asked %d times", count)
	}
}

func TestADownloadGoesOnWhereItBroke(t *testing.T) {
	server := imagetest.NewRegistry(t)
	image, large := sample(t)
	asked := request(t, server.Push(t, "app", image))
	ranges := make(chan string, 10)
	cut := imagetest.Cut(isOf(large), 60_000, 1)
	server.Break(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		if isOf(large)(r) {
			ranges <- r.Header.Get("Range")
		}
		cut(next, w, r)
	})
	if _, err := Run(context.Background(), asked); err != nil {
		t.Fatal(err)
	}
	if first, second := <-ranges, <-ranges; first != "" || !strings.HasPrefix(second, "bytes=") {
		t.Errorf("asked for %q, then for %q", first, second)
	}
}

func TestARegistryWithoutRangesSendsEverythingAgain(t *testing.T) {
	server := imagetest.NewRegistry(t)
	image, large := sample(t)
	asked := request(t, server.Push(t, "app", image))
	cut := imagetest.Cut(isOf(large), 60_000, 1)
	server.Break(func(next http.Handler, w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Range")
		cut(next, w, r)
	})
	if _, err := Run(context.Background(), asked); err != nil {
		t.Fatal(err)
	}
}

func TestAnImageForOtherPlatformsIsSaidToBeOne(t *testing.T) {
	server := imagetest.NewRegistry(t)
	arm := imagetest.ForPlatform(t, imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "1"))), "arm64")
	index := mutate.AppendManifests(empty.Index, mutate.IndexAddendum{Add: arm, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: "arm64"}}})
	for name, reference := range map[string]string{"an index": server.PushIndex(t, "index", index), "an image alone": server.Push(t, "image", arm)} {
		_, err := Run(context.Background(), request(t, reference))
		if known := failure.Of(err); known.Code != failure.PlatformMissing || !strings.Contains(fmt.Sprint(known.Details), "arm64") {
			t.Errorf("%s: %+v", name, known)
		}
	}
}

func TestAnIndexLeadsToTheImageOfTheGuestsPlatform(t *testing.T) {
	server := imagetest.NewRegistry(t)
	own := imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "amd64")))
	newer := imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "amd64 v3")))
	arm := imagetest.ForPlatform(t, imagetest.Image(t, v1.Config{}, imagetest.Layer(t, imagetest.File("a", "arm64"))), "arm64")
	add := func(image v1.Image, platform v1.Platform) mutate.IndexAddendum {
		return mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &platform}}
	}
	index := mutate.AppendManifests(empty.Index, add(arm, v1.Platform{OS: "linux", Architecture: "arm64"}),
		add(newer, v1.Platform{OS: "linux", Architecture: "amd64", Variant: "v3"}), add(own, v1.Platform{OS: "linux", Architecture: "amd64"}))
	asked := request(t, server.PushIndex(t, "app:1", index))
	result, err := Run(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	want, err := index.Digest()
	if err != nil || result.IndexDigest == nil || *result.IndexDigest != want {
		t.Errorf("index %v, want %v (%v)", result.IndexDigest, want, err)
	}
	if got := read(t, asked.RootfsDir, "a"); got != "amd64" {
		t.Errorf("got %s", got)
	}
}

func TestAManifestThatIsNotTheOneAskedForIsRefused(t *testing.T) {
	server := imagetest.NewRegistry(t)
	image, _ := sample(t)
	server.Push(t, "app", image)
	other, err := json.Marshal(map[string]any{"schemaVersion": 2})
	if err != nil {
		t.Fatal(err)
	}
	server.Break(imagetest.Replace(isManifest, "application/vnd.oci.image.manifest.v1+json", other))
	_, err = Run(context.Background(), request(t, server.Host+"/app@sha256:"+strings.Repeat("0", 64)))
	if known := failure.Of(err); known.Code != failure.ImageInvalid {
		t.Errorf("got %+v", known)
	}
}

func TestAnImageOfSixtyLayersIsPulled(t *testing.T) {
	server := imagetest.NewRegistry(t)
	var layers []v1.Layer
	for i := range 60 {
		layers = append(layers, imagetest.Layer(t, imagetest.File(fmt.Sprintf("f%d", i), "x"), imagetest.File("last", fmt.Sprint(i))))
	}
	asked := request(t, server.Push(t, "app", imagetest.Image(t, v1.Config{}, layers...)))
	result, err := Run(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, asked.RootfsDir, "last"); got != "59" || result.EntryCount != 61 {
		t.Errorf("last is %s, %d entries", got, result.EntryCount)
	}
}

func TestACertificateThatNobodyKnowsIsSaidToBeOne(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	// On loopback plain HTTP is tried after TLS, and that server answers it.
	_, err := Run(context.Background(), request(t, server.Listener.Addr().String()+"/app"))
	known := failure.Of(err)
	if known.Code != failure.RegistryUnreachable || !strings.Contains(known.Message, "certificate") || !strings.Contains(known.Hint, "SSL_CERT_FILE") {
		t.Errorf("got %+v", known)
	}
}

func TestWhoIsNotThereIsUnreachable(t *testing.T) {
	for _, reference := range []string{"127.0.0.1:1/app", "no-such-host.invalid/app"} {
		_, err := Run(context.Background(), request(t, reference))
		if known := failure.Of(err); known.Code != failure.RegistryUnreachable {
			t.Errorf("%s: %+v", reference, known)
		}
	}
	_, err := Run(context.Background(), request(t, "Not A Reference"))
	if known := failure.Of(err); known.Code != failure.InvalidInput {
		t.Errorf("got %+v", known)
	}
}
