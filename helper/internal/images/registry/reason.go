// Why a registry is not reached, in a few words, and what to do about it.

package registry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"

	"pyro-mcp/helper/internal/images/failure"
)

func (c *Client) reason(err error) string {
	var unknownHost *net.DNSError
	var system syscall.Errno
	var network net.Error
	switch {
	case errors.As(err, &unknownHost) && unknownHost.IsNotFound:
		return "no such host"
	case errors.As(err, &unknownHost):
		return "its name could not be looked up"
	case errors.As(err, &system):
		return system.Error()
	case errors.Is(err, http.ErrSchemeMismatch):
		return "it speaks plain HTTP"
	case isBroken(err):
		return "the connection broke off"
	// The body's own patience cancels it.
	case errors.Is(err, context.Canceled), errors.As(err, &network) && network.Timeout():
		return fmt.Sprintf("nothing has come for %v", c.patience.Silence)
	default:
		return "the connection failed"
	}
}

func unreachableHint(err error) string {
	var unknownHost *net.DNSError
	switch {
	case errors.As(err, &unknownHost) && unknownHost.IsNotFound:
		return "Check the spelling of the registry's name."
	case errors.Is(err, http.ErrSchemeMismatch):
		return "Name it in PYRO_INSECURE_REGISTRIES if that is meant."
	case errors.Is(err, syscall.ECONNREFUSED):
		return "Nothing listens there: check the registry's name and port."
	default:
		return ""
	}
}

func untrusted(registry string, certificate *tls.CertificateVerificationError) error {
	distrust := &failure.Error{
		Code: failure.RegistryUnreachable, Message: "the certificate of " + registry + " is not trusted",
		Details: map[string]any{"registry": registry}, Cause: certificate,
		Hint: "Name a file with its authority's certificate in SSL_CERT_FILE, and `pyro daemon stop`.",
	}
	var hostname x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(certificate, &hostname):
		distrust.Message += ": it is another host's"
		distrust.Hint = "Check the registry's name; its certificate has to name it."
	case errors.As(certificate, &invalid) && invalid.Reason == x509.Expired:
		distrust.Message += ": it has expired, or the clock of this host is wrong"
		distrust.Hint = "The registry needs a new certificate."
	default:
		distrust.Message += ": nobody whom this host knows has signed it"
	}
	return distrust
}
