// Package registry talks to registries of OCI images, by go-containerregistry.
package registry

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

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
	// Waits hears, from several goroutines, of what there is to wait for, and how long.
	Waits func(reason string, wait time.Duration)
}

// Tell says what there is to wait for, to whoever listens.
func (o Options) Tell(reason string, wait time.Duration) {
	if o.Waits != nil {
		o.Waits(reason, wait)
	}
}

// Client reads one repository.
type Client struct {
	reference name.Reference
	pushes    bool
	// transport speaks for the user: it holds the credentials or the token.
	transport http.RoundTripper
	patience  Patience
	waiting   *waiting
	plain     plainFailure
}

// pushPatience: a registry reads all of a layer again before it says that it has it.
const pushPatience = 20

// Open connects, and authenticates with what the user has for the registry.
// scope is transport.PullScope or transport.PushScope.
func Open(ctx context.Context, reference, scope string, options Options) (*Client, error) {
	parsed, err := parse(reference, options.InsecureHosts)
	if err != nil {
		return nil, err
	}
	repository := parsed.Context()
	client := &Client{reference: parsed, pushes: scope == transport.PushScope, patience: options.Patience.orUsual()}
	client.waiting = &waiting{patience: client.patience, tell: func(wait time.Duration) {
		options.Tell(repository.RegistryStr()+", which wants fewer requests", wait)
	}}

	credentials, err := credentialsFor(ctx, repository, client.patience.Silence)
	if err != nil {
		return nil, err
	}
	if err := remember(ctx, options.Secrets, credentials); err != nil {
		return nil, client.explain(ctx, err)
	}
	answerTimeout := client.patience.Silence
	if client.pushes {
		answerTimeout *= pushPatience
	}
	base, err := newTransport(repository.Registry, options, answerTimeout, client.waiting, &client.plain)
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
	if err != nil && strings.Contains(reference, "@") {
		// It may hold a password.
		return nil, failure.New(failure.InvalidInput, "the image reference is malformed; it is not shown, because it may hold a password")
	}
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
