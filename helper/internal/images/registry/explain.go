// Errors of the network and of registries, translated.

package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
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
	err = c.plain.instead(err)
	registry := c.reference.Context().RegistryStr()
	// Before an answer: on loopback the library speaks plain HTTP to a TLS server
	// after the certificate has failed, and gets one.
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return untrusted(registry, certificate)
	}
	var answer *transport.Error
	if errors.As(err, &answer) {
		return c.explainAnswer(answer)
	}
	if forbidden, is := asForbidden(err); is {
		return &failure.Error{
			Code: failure.ImageHostile, Message: registry + " redirects to an address that is not on the internet: " + forbidden.host,
			Details: map[string]any{"registry": registry, "redirect_host": forbidden.host, "reason": forbidden.reason}, Cause: err,
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
	registry, who := c.reference.Context().RegistryStr(), ""
	var request *url.Error
	if errors.As(err, &request) {
		if address, err := url.Parse(request.URL); err == nil {
			who = address.Host
		}
	}
	return &failure.Error{
		Code: failure.RegistryUnreachable, Message: c.who(who) + " cannot be reached: " + c.reason(err), Hint: unreachableHint(err),
		Details: map[string]any{"registry": registry}, Cause: err,
	}
}

// who names the registry, or the host of its choice that was asked instead.
func (c *Client) who(host string) string {
	registry := c.reference.Context().RegistryStr()
	if host == "" || host == registry {
		return registry
	}
	return host + ", to which " + registry + " sends,"
}

func (c *Client) explainAnswer(answer *transport.Error) error {
	registry, repository := c.reference.Context().RegistryStr(), c.reference.Context().RepositoryStr()
	translated := &failure.Error{
		Details: map[string]any{"registry": registry, "status": answer.StatusCode}, Cause: answer,
	}
	path, host := "", ""
	if answer.Request != nil {
		path, host = answer.Request.URL.Path, answer.Request.URL.Host
	}
	said := strings.TrimSpace(fmt.Sprint(answer.StatusCode, " ", http.StatusText(answer.StatusCode)))
	switch status := answer.StatusCode; {
	case status == http.StatusNotFound && path == "/v2/":
		translated.Code, translated.Message = failure.RegistryFailed, registry+" is no registry of images: it answers 404 for /v2/"
		translated.Hint = "Check the registry's name and port."
	case status == http.StatusNotFound && c.pushes:
		translated.Code, translated.Message = failure.RegistryDenied, registry+" has no repository "+repository+" to push to"
		translated.Hint = "Make the repository at the registry first, or check its name."
	case status == http.StatusNotFound:
		translated.Code, translated.Message = failure.ImageNotFound, "there is no image "+c.reference.Name()
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		translated.Code, translated.Message = failure.RegistryDenied, registry+" denies access to "+repository+" ("+said+")"
		translated.Hint = "Log in with `docker login " + registry + "`, or check the name: many registries deny what does not exist."
		if c.pushes {
			translated.Hint = "Log in with `docker login " + registry + "` as somebody who may push to " + repository + "."
		}
	case status == http.StatusTooManyRequests:
		c.explainBusy(translated, registry)
	case status == http.StatusRequestEntityTooLarge:
		translated.Code, translated.Message = failure.RegistryFailed, registry+" takes nothing as large as this image ("+said+")"
		translated.Hint = "Raise the limit of the registry, or of the proxy in front of it."
	default:
		translated.Code, translated.Message = failure.RegistryFailed, c.who(host)+" answers with an error: "+said
	}
	return translated
}

func (c *Client) explainBusy(translated *failure.Error, registry string) {
	translated.Code, translated.Message = failure.RegistryBusy, registry+" wants fewer requests"
	advice := "; what was loaded is kept. A login often raises the limit."
	if c.pushes {
		advice = "."
	}
	translated.Hint = "Try again later" + advice
	if seconds := c.waiting.lastAsked(); seconds > 0 {
		translated.Details["retry_after_seconds"] = seconds
		translated.Message += fmt.Sprintf(": the next one in %d s, which is longer than pyro waits", seconds)
		translated.Hint = fmt.Sprintf("Try again in %d s%s", seconds, advice)
	}
}
