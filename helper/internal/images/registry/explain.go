// Errors of the network and of registries, translated.

package registry

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"pyro-mcp/helper/internal/images/failure"
)

// explain translates what the library or net/http returned. A failure passes
// through as it is.
func (c *Client) explain(ctx context.Context, err error) error {
	var known *failure.Error
	if errors.As(err, &known) {
		return known
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return context.Canceled
	}
	var answer *transport.Error
	if errors.As(err, &answer) {
		return c.explainAnswer(answer)
	}
	registry := c.reference.Context().RegistryStr()
	if forbidden, is := asForbidden(err); is {
		return &failure.Error{
			Code: failure.ImageHostile, Message: registry + " redirects to an address that is not on the internet", Cause: err,
			Details: map[string]any{"registry": registry, "redirect_host": forbidden.host, "reason": forbidden.reason},
		}
	}
	// The library's own look at redirects and token servers that name an address.
	if text := err.Error(); strings.Contains(text, "SSRF protection") || strings.Contains(text, "is a private or link-local address") {
		return &failure.Error{
			Code: failure.ImageHostile, Message: registry + " redirects to an address that is not on the internet",
			Details: map[string]any{"registry": registry}, Cause: err,
		}
	}
	if strings.Contains(err.Error(), "does not match requested digest") {
		return &failure.Error{Code: failure.ImageInvalid, Message: "the manifest from " + registry + " is not the one that was asked for", Cause: err}
	}
	var network net.Error
	if isBroken(err) || errors.As(err, &network) {
		return c.unreachable(err)
	}
	return &failure.Error{
		Code: failure.RegistryFailed, Message: registry + " answers with something that is no registry's answer",
		Details: map[string]any{"registry": registry}, Cause: err,
	}
}

func (c *Client) unreachable(err error) error {
	registry := c.reference.Context().RegistryStr()
	return &failure.Error{
		Code: failure.RegistryUnreachable, Message: registry + " cannot be reached", Hint: unreachableHint(err),
		Details: map[string]any{"registry": registry}, Cause: err,
	}
}

func unreachableHint(err error) string {
	var unknownHost *net.DNSError
	var authority x509.UnknownAuthorityError
	switch {
	case errors.As(err, &unknownHost) && unknownHost.IsNotFound:
		return "Check the spelling of the registry's name."
	case errors.As(err, &authority):
		return "Its certificate is signed by nobody whom this host knows; add the authority's certificate."
	case errors.Is(err, http.ErrSchemeMismatch):
		return "It speaks plain HTTP, which must be allowed for it."
	default:
		return ""
	}
}

func (c *Client) explainAnswer(answer *transport.Error) error {
	registry := c.reference.Context().RegistryStr()
	translated := &failure.Error{
		Details: map[string]any{"registry": registry, "status": answer.StatusCode}, Cause: answer,
	}
	switch status := answer.StatusCode; {
	case status == http.StatusNotFound:
		translated.Code, translated.Message = failure.ImageNotFound, registry+" has no "+c.reference.Name()
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		translated.Code, translated.Message = failure.RegistryDenied, registry+" denies access to "+c.reference.Context().RepositoryStr()
		translated.Hint = "Log in to the registry, or check the name: many registries deny what does not exist."
	case status == http.StatusTooManyRequests:
		translated.Code, translated.Message = failure.RegistryBusy, registry+" wants fewer requests"
		if seconds := c.waiting.lastAsked(); seconds > 0 {
			translated.Details["retry_after_seconds"] = seconds
		}
	default:
		translated.Code, translated.Message = failure.RegistryFailed, registry+" answers with an error"
	}
	return translated
}
