// PutSecrets: a guest is told its secrets.

package secrets

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/redact"
)

// maxValueBytes is the contract's limit for one secret.
const maxValueBytes = 64 << 10

var namePattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,63}$`)

// Service implements agentv1connect.SecretsServiceHandler.
type Service struct {
	store *Store
	// directory is empty where nothing may be mounted: on the host itself.
	directory string
}

// NewService makes a service that fills store, and in a guest the directory.
func NewService(store *Store, directory string) *Service {
	return &Service{store: store, directory: directory}
}

// PutSecrets takes all of them or none.
func (s *Service) PutSecrets(_ context.Context, request *connect.Request[agentv1.PutSecretsRequest]) (*connect.Response[agentv1.PutSecretsResponse], error) {
	if s.directory == "" {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("secrets are for guests"))
	}
	values, patterns, err := parse(request.Msg)
	if err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	write := func() error { return writeFiles(s.directory, values) }
	if err := s.store.put(values, redact.Compile(patterns), write); err != nil {
		return nil, err
	}
	return connect.NewResponse(&agentv1.PutSecretsResponse{}), nil
}

func parse(message *agentv1.PutSecretsRequest) (map[string][]byte, []redact.Pattern, error) {
	values := make(map[string][]byte, len(message.GetSecrets()))
	for _, secret := range message.GetSecrets() {
		name := secret.GetName()
		if !namePattern.MatchString(name) {
			return nil, nil, fmt.Errorf("%.80q is no name of a secret", name)
		}
		if size := len(secret.GetValue()); size > maxValueBytes {
			return nil, nil, fmt.Errorf("the secret %s has %d bytes, more than %d", name, size, maxValueBytes)
		}
		values[name] = secret.GetValue()
	}
	patterns := make([]redact.Pattern, 0, len(message.GetPatterns()))
	for _, each := range message.GetPatterns() {
		pattern := patternOf(each)
		if len(pattern.Symbols) == 0 {
			return nil, nil, fmt.Errorf("a pattern of the secret %.80q is empty", pattern.Secret)
		}
		patterns = append(patterns, pattern)
	}
	return values, patterns, nil
}

func patternOf(message *agentv1.RedactionPattern) redact.Pattern {
	pattern := redact.Pattern{Secret: message.GetSecret()}
	switch symbols := message.GetSymbols().(type) {
	case *agentv1.RedactionPattern_Plain:
		pattern.View, pattern.Symbols = redact.Plain, symbols.Plain
	case *agentv1.RedactionPattern_Url:
		pattern.View, pattern.Symbols = redact.URL, symbols.Url
	case *agentv1.RedactionPattern_Base64:
		pattern.View, pattern.Symbols = redact.Base64, symbols.Base64
	}
	return pattern
}
