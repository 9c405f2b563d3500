// Package machine implements MachineService: what the guest as a whole is
// asked and told.
package machine

import (
	"context"
	"os"
	"strings"
	"sync"
	"time"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// protocolVersion grows with every incompatible change of agent.proto.
const protocolVersion = 1

// Options are what a Service acts through.
type Options struct {
	// Version of the agent.
	Version string
	// Identity applies hostname and machine-id.
	Identity Identity
	// Warnings from before, to be told in ConfigureResponse.
	Warnings []string
	// Limit sets how many tasks all commands together may have; 0 is no limit.
	Limit func(maxTasks uint32) error
	// End ends all processes of the user: TERM, grace, KILL.
	End func(grace time.Duration)
	// Stop makes the agent exit once the answers under way are sent.
	Stop func()
}

// Service implements agentv1connect.MachineServiceHandler.
type Service struct {
	options Options

	mu sync.Mutex
	// token is nil until Configure.
	token []byte
}

// NewService makes the service of a machine that is not yet configured.
func NewService(options Options) *Service { return &Service{options: options} }

// Hello introduces the agent, with the token it was given.
func (s *Service) Hello(context.Context, *connect.Request[agentv1.HelloRequest]) (*connect.Response[agentv1.HelloResponse], error) {
	return connect.NewResponse(&agentv1.HelloResponse{
		ProtocolVersion: protocolVersion,
		AgentVersion:    s.options.Version,
		Token:           s.currentToken(),
		Pid:             uint32(os.Getpid()),
		BootId:          bootID(),
	}), nil
}

// Ping answers with the time of the guest.
func (s *Service) Ping(context.Context, *connect.Request[agentv1.PingRequest]) (*connect.Response[agentv1.PingResponse], error) {
	return connect.NewResponse(&agentv1.PingResponse{UnixNanos: time.Now().UnixNano()}), nil
}

func (s *Service) currentToken() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.token
}

// bootID is random for each start of a kernel, random(4).
func bootID() string {
	id, _ := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(id))
}
