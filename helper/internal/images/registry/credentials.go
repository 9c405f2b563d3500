// What the user has for a registry: from Docker's configuration, or from a credential helper.

package registry

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"

	"pyro-mcp/helper/internal/images/failure"
)

// ErrCredentialHelperHangs is in the error when a credential helper is left
// running: the library has no way to end it.
var ErrCredentialHelperHangs = errors.New("the credential helper hangs")

// credentialsFor waits for a credential helper that long.
func credentialsFor(ctx context.Context, repository name.Repository, patience time.Duration) (authn.Authenticator, error) {
	type answer struct {
		credentials authn.Authenticator
		err         error
	}
	answered := make(chan answer, 1)
	go func() {
		credentials, err := authn.Resolve(ctx, authn.DefaultKeychain, repository)
		answered <- answer{credentials, err}
	}()
	registry := repository.RegistryStr()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(patience):
		return nil, &failure.Error{
			Code: failure.RegistryDenied, Message: "the credential helper for " + registry + " does not answer",
			Hint: "Run it by hand: it may wait for a key store to be unlocked.", Details: map[string]any{"registry": registry},
			Cause: ErrCredentialHelperHangs,
		}
	case got := <-answered:
		if got.err != nil {
			return nil, explainCredentials(registry, got.err)
		}
		return got.credentials, nil
	}
}

// missingHelper and helperOutput are of texts by docker-credential-helpers/client.
var (
	missingHelper = regexp.MustCompile(`exec: "(docker-credential-[^"]*)": executable file not found`)
	helperOutput  = regexp.MustCompile("(?s), out: `.*$")
)

func explainCredentials(registry string, err error) error {
	explained := &failure.Error{
		Code: failure.RegistryDenied, Message: "the credentials for " + registry + " could not be read",
		Hint: "Check the Docker configuration and its credential helper, or log in anew.", Details: map[string]any{"registry": registry},
	}
	if missing := missingHelper.FindStringSubmatch(err.Error()); missing != nil {
		explained.Message += ": the credential helper " + missing[1] + " is not installed"
		explained.Hint = "Install it, or take it out of Docker's config.json; `pyro daemon stop` after a change of PATH."
		return explained
	}
	var garbled *json.SyntaxError
	// The same in config.json comes with the name of the file.
	if errors.As(err, &garbled) && err.Error() == garbled.Error() {
		explained.Message += ": the credential helper answers with something else"
		return explained
	}
	// What a helper prints may be a password.
	reason := strings.TrimSpace(helperOutput.ReplaceAllString(err.Error(), ""))
	if fromHelper, found := strings.CutPrefix(reason, "error getting credentials - err: "); found {
		reason = "the credential helper failed, " + fromHelper
	}
	explained.Message += ": " + reason
	return explained
}
