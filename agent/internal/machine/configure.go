// Configure: a fresh guest becomes somebody.

package machine

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

const (
	tokenBytes = 32
	// maxHostnameBytes is the length of a label and below Linux's 64.
	maxHostnameBytes = 63
)

var (
	// hostnamePattern is RFC 1123 section 2.1: labels of letters, digits and
	// inner hyphens.
	hostnamePattern = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)
	// machineIDPattern is machine-id(5).
	machineIDPattern = regexp.MustCompile(`^[0-9a-f]{32}$`)
)

// Configure applies the identity. Whatever of it does not work is a warning.
func (s *Service) Configure(_ context.Context, request *connect.Request[agentv1.ConfigureRequest]) (*connect.Response[agentv1.ConfigureResponse], error) {
	message := request.Msg
	if err := validateConfigure(message); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	// Held to the end: calls pass the gate only when the identity stands.
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token != nil {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("the machine is configured already"))
	}
	warnings := append([]string{}, s.options.Warnings...)
	warnings = append(warnings, s.options.Identity.Apply(message.GetHostname(), message.GetMachineId())...)
	if err := s.options.Limit(message.GetMaxTasks()); err != nil {
		warnings = append(warnings, err.Error())
	}
	s.token = message.GetToken()
	return connect.NewResponse(&agentv1.ConfigureResponse{Warnings: warnings}), nil
}

func validateConfigure(message *agentv1.ConfigureRequest) error {
	if n := len(message.GetToken()); n != tokenBytes {
		return fmt.Errorf("token has %d bytes instead of %d", n, tokenBytes)
	}
	hostname := message.GetHostname()
	if len(hostname) > maxHostnameBytes || !hostnamePattern.MatchString(hostname) {
		return fmt.Errorf("hostname %.80q is not one of RFC 1123 with at most %d characters", hostname, maxHostnameBytes)
	}
	if id := message.GetMachineId(); !machineIDPattern.MatchString(id) {
		return fmt.Errorf("machine_id %.80q is not 32 lowercase hexadecimal digits", id)
	}
	return nil
}
