// The stack of transports below the library's authentication.

package registry

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"os"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"pyro-mcp/helper/internal/images/failure"
)

const (
	dialTimeout      = 10 * time.Second
	handshakeTimeout = 10 * time.Second
	readBufferBytes  = 64 << 10
)

// retriedStatuses are a registry's bad moments. 429 and whatever names a time
// to wait is the waiting transport's.
var retriedStatuses = []int{http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

func newTransport(registry name.Registry, options Options, answerTimeout time.Duration, waiting *waiting, plain *plainFailure) (http.RoundTripper, error) {
	roots, err := authorities(options.CAFile)
	if err != nil {
		return nil, err
	}
	guard := newGuard(registry)
	waiting.inner = &listening{secrets: options.Secrets, plain: plain, inner: &http.Transport{
		Proxy:                 guard.proxy,
		DialContext:           guard.dial,
		TLSClientConfig:       &tls.Config{RootCAs: roots},
		TLSHandshakeTimeout:   handshakeTimeout,
		ResponseHeaderTimeout: answerTimeout,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   8,
		ReadBufferSize:        readBufferBytes,
		// A layer is compressed already, and its digest is of what is on the wire.
		DisableCompression: true,
	}}
	backoff := transport.Backoff{Duration: waiting.patience.FirstPause, Factor: 3, Jitter: 0.2, Steps: 4}
	retrying := transport.NewRetry(waiting, transport.WithRetryBackoff(backoff), transport.WithRetryPredicate(isPassing),
		transport.WithRetryStatusCodes(retriedStatuses...))
	return transport.NewUserAgent(retrying, "pyro-mcp"), nil
}

// isPassing tells whether the same request may well succeed in a moment.
func isPassing(err error) bool {
	var answer *transport.Error
	if errors.As(err, &answer) {
		return answer.Temporary()
	}
	return isBroken(err)
}

// isBroken holds for a connection that ended too early.
func isBroken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

func authorities(caFile string) (*x509.CertPool, error) {
	if caFile == "" {
		return nil, nil
	}
	certificates, err := os.ReadFile(caFile)
	if err != nil {
		return nil, failure.Storage(err, "the file of certificates could not be read")
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if !roots.AppendCertsFromPEM(certificates) {
		return nil, failure.New(failure.InvalidInput, "%s holds no certificate", caFile)
	}
	return roots, nil
}
