// What passes between the library and the network.

package registry

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"

	"pyro-mcp/helper/internal/images/manifest"
	"pyro-mcp/helper/internal/images/secret"
)

// listening hears which credentials are sent, so that they can be kept out of
// errors, and bounds documents, which the library reads into memory.
type listening struct {
	secrets *secret.Keeper
	plain   *plainFailure
	inner   http.RoundTripper
}

// plainFailure is what went wrong last without TLS. Where plain HTTP is allowed
// the library tries TLS before, and its failure there explains nothing.
type plainFailure struct{ latest atomic.Pointer[error] }

// instead returns the failure that explains more.
func (p *plainFailure) instead(err error) error {
	if latest := p.latest.Load(); latest != nil && errors.Is(err, http.ErrSchemeMismatch) {
		return *latest
	}
	return err
}

func (l *listening) RoundTrip(request *http.Request) (*http.Response, error) {
	if authorization := request.Header.Get("Authorization"); authorization != "" {
		l.secrets.AddHeader(authorization)
	}
	response, err := l.inner.RoundTrip(request)
	if err != nil && request.URL.Scheme == "http" {
		l.plain.latest.Store(&err)
	}
	if err == nil && strings.Contains(request.URL.Path, "/manifests/") {
		// One byte more tells a document that is too long.
		response.Body = boundedBody{Reader: io.LimitReader(response.Body, manifest.MaxBytes+1), Closer: response.Body}
	}
	return response, err
}

type boundedBody struct {
	io.Reader
	io.Closer
}
