// Package registry talks to registries of OCI images, by go-containerregistry.
package registry

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/secret"
)

// Options say how registries are reached.
type Options struct {
	// InsecureHosts are spoken to in plain HTTP: "host" or "host:port".
	InsecureHosts []string
	// CAFile holds certificates, in PEM, that count besides the host's.
	CAFile string
	// Secrets learns the credentials that are used.
	Secrets *secret.Keeper
	// Patience bounds waiting; the zero value is the usual one.
	Patience Patience
}

// Client reads one repository.
type Client struct {
	reference name.Reference
	// transport speaks for the user: it holds the credentials or the token.
	transport http.RoundTripper
	patience  Patience
	waiting   *waiting
}

// Open connects, and authenticates with what the user has for the registry.
// scope is transport.PullScope or transport.PushScope.
func Open(ctx context.Context, reference, scope string, options Options) (*Client, error) {
	parsed, err := parse(reference, options.InsecureHosts)
	if err != nil {
		return nil, err
	}
	repository := parsed.Context()
	client := &Client{reference: parsed, patience: options.Patience.orUsual()}
	client.waiting = &waiting{patience: client.patience}

	credentials, err := authn.Resolve(ctx, authn.DefaultKeychain, repository)
	if err != nil {
		return nil, &failure.Error{
			Code: failure.RegistryDenied, Message: "the credentials for " + repository.RegistryStr() + " could not be read",
			Hint: "Check the Docker configuration and its credential helper.", Cause: err,
		}
	}
	if err := remember(ctx, options.Secrets, credentials); err != nil {
		return nil, client.explain(ctx, err)
	}
	base, err := newTransport(repository.Registry, options, client.waiting)
	if err != nil {
		return nil, err
	}
	client.transport, err = transport.NewWithContext(ctx, repository.Registry, credentials, base, []string{repository.Scope(scope)})
	if err != nil {
		return nil, client.explain(ctx, err)
	}
	return client, nil
}

func parse(reference string, insecureHosts []string) (name.Reference, error) {
	parsed, err := name.ParseReference(reference)
	if err != nil {
		return nil, failure.New(failure.InvalidInput, "%q is no image reference", reference)
	}
	if slices.Contains(insecureHosts, parsed.Context().RegistryStr()) {
		return name.ParseReference(reference, name.Insecure)
	}
	return parsed, nil
}

func remember(ctx context.Context, secrets *secret.Keeper, credentials authn.Authenticator) error {
	used, err := authn.Authorization(ctx, credentials)
	if err != nil {
		return err
	}
	secrets.Add(used.Password, used.Auth, used.IdentityToken, used.RegistryToken)
	return nil
}
