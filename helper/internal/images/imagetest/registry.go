// A registry on loopback, and what may go wrong in front of it.

package imagetest

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Registry is a real registry in this process.
type Registry struct {
	// Host is "address:port".
	Host    string
	handler http.Handler

	mu       sync.Mutex
	fault    func(next http.Handler, w http.ResponseWriter, r *http.Request)
	requests []string
}

// NewRegistry starts one, without TLS, until the test ends.
func NewRegistry(t testing.TB) *Registry {
	t.Helper()
	r := &Registry{handler: registry.New(registry.Logger(log.New(io.Discard, "", 0)))}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.Host = strings.TrimPrefix(server.URL, "http://")
	return r
}

// ServeHTTP passes a request through the fault, if one is set.
func (r *Registry) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	fault := r.fault
	r.requests = append(r.requests, request.Method+" "+request.URL.Path)
	r.mu.Unlock()
	if fault == nil {
		r.handler.ServeHTTP(w, request)
		return
	}
	fault(r.handler, w, request)
}

// Break puts a fault in front of the registry.
func (r *Registry) Break(fault func(next http.Handler, w http.ResponseWriter, request *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = fault
}

// Count is how many requests had part of that text in their method and path.
func (r *Registry) Count(part string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	count := 0
	for _, each := range r.requests {
		if strings.Contains(each, part) {
			count++
		}
	}
	return count
}

// Push puts an image into the registry and returns its reference.
func (r *Registry) Push(t testing.TB, repository string, image v1.Image) string {
	t.Helper()
	reference := r.Host + "/" + repository
	parsed, err := name.ParseReference(reference)
	must(t, err)
	must(t, remote.Write(parsed, image))
	return reference
}

// PushIndex puts an index into the registry and returns its reference.
func (r *Registry) PushIndex(t testing.TB, repository string, index v1.ImageIndex) string {
	t.Helper()
	reference := r.Host + "/" + repository
	parsed, err := name.ParseReference(reference)
	must(t, err)
	must(t, remote.WriteIndex(parsed, index))
	return reference
}
