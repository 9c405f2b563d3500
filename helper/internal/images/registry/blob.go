// Content of blobs, from any offset: that is what the library does not have.

package registry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"pyro-mcp/helper/internal/images/failure"
)

const maxRedirects = 10

// Blob opens the content of a blob. When offset is not 0 it asks for the rest;
// start is where the content that comes really begins: 0 from a registry that
// knows no ranges. Whoever reads checks the digest.
func (c *Client) Blob(ctx context.Context, blob v1.Descriptor, offset int64) (content io.ReadCloser, start int64, err error) {
	reading, cancel := context.WithCancel(ctx)
	repository := c.reference.Context()
	address := url.URL{Scheme: repository.Scheme(), Host: repository.RegistryStr(), Path: "/v2/" + repository.RepositoryStr() + "/blobs/" + blob.Digest.String()}
	request, err := http.NewRequestWithContext(reading, http.MethodGet, address.String(), nil)
	if err != nil {
		cancel()
		return nil, 0, err
	}
	if offset > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", offset, blob.Size-1))
	}
	client := http.Client{Transport: c.transport, CheckRedirect: limitRedirects}
	response, err := client.Do(request)
	if err != nil {
		cancel()
		return nil, 0, c.explain(ctx, err)
	}
	start, err = c.startOf(response, offset)
	if err != nil {
		_ = response.Body.Close()
		cancel()
		return nil, 0, c.explainBlob(ctx, blob.Digest, err)
	}
	return newPatientBody(response.Body, c.patience.Silence, cancel), start, nil
}

func limitRedirects(_ *http.Request, via []*http.Request) error {
	if len(via) >= maxRedirects {
		return failure.New(failure.RegistryFailed, "the registry redirects without an end")
	}
	return nil
}

func (c *Client) startOf(response *http.Response, offset int64) (int64, error) {
	if response.StatusCode == http.StatusPartialContent && offset > 0 {
		// A registry that sends other bytes than it was asked for is asked for all of them.
		if strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", offset)) {
			return offset, nil
		}
		return 0, errRangeIgnored
	}
	if response.StatusCode == http.StatusRequestedRangeNotSatisfiable && offset > 0 {
		return 0, errRangeIgnored
	}
	return 0, transport.CheckError(response, http.StatusOK)
}

// errRangeIgnored asks for another try without a range.
var errRangeIgnored = failure.New(failure.RegistryFailed, "the registry answers a range with another one")

// RangeIgnored tells that the same blob may come when it is read from its start.
func (c *Client) RangeIgnored(err error) bool { return errors.Is(err, errRangeIgnored) }

// FirstPause is the pause after a connection that broke.
func (c *Client) FirstPause() time.Duration { return c.patience.FirstPause }

func (c *Client) explainBlob(ctx context.Context, digest v1.Hash, err error) error {
	explained := c.explain(ctx, err)
	if known := failure.Of(explained); known.Code == failure.ImageNotFound {
		// The manifest came from there: the image is incomplete, not unknown.
		known.Code, known.Message = failure.ImageInvalid, c.reference.Context().RegistryStr()+" lacks a part of the image: "+digest.String()
	}
	return explained
}

// Explain translates an error of reading what Blob returned: whatever it is, the
// connection broke.
func (c *Client) Explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return c.explain(ctx, err)
	}
	registry := c.reference.Context().RegistryStr()
	return &failure.Error{
		Code: failure.RegistryUnreachable, Message: "the download from " + registry + " breaks off: " + c.reason(err),
		Hint: "Try again; what was loaded is kept.", Details: map[string]any{"registry": registry}, Cause: err,
	}
}

// patientBody ends a read that brings nothing for too long.
type patientBody struct {
	io.ReadCloser
	silence time.Duration
	timer   *time.Timer
	cancel  context.CancelFunc
}

func newPatientBody(body io.ReadCloser, silence time.Duration, cancel context.CancelFunc) *patientBody {
	timer := time.AfterFunc(silence, cancel)
	return &patientBody{ReadCloser: body, silence: silence, timer: timer, cancel: cancel}
}

func (b *patientBody) Read(buffer []byte) (int, error) {
	b.timer.Reset(b.silence)
	return b.ReadCloser.Read(buffer)
}

func (b *patientBody) Close() error {
	b.timer.Stop()
	b.cancel()
	return b.ReadCloser.Close()
}
