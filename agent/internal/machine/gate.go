// The gate: before Configure only Hello, Configure and Exec are answered. Exec,
// because a host warms up a guest that waits for whoever wants it.

package machine

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"pyro-mcp/agent/gen/agent/v1/agentv1connect"
)

type gate struct{ service *Service }

// Gate is the interceptor that refuses calls to a machine that is not configured.
func (s *Service) Gate() connect.Interceptor { return gate{s} }

func (g gate) check(procedure string) error {
	switch procedure {
	case agentv1connect.MachineServiceHelloProcedure,
		agentv1connect.MachineServiceConfigureProcedure,
		agentv1connect.ProcessServiceExecProcedure:
		return nil
	}
	if g.service.currentToken() == nil {
		return connect.NewError(connect.CodeFailedPrecondition, errors.New("the machine is not configured yet"))
	}
	return nil
}

func (g gate) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		if err := g.check(request.Spec().Procedure); err != nil {
			return nil, err
		}
		return next(ctx, request)
	}
}

func (g gate) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, stream connect.StreamingHandlerConn) error {
		if err := g.check(stream.Spec().Procedure); err != nil {
			return err
		}
		return next(ctx, stream)
	}
}

func (g gate) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}
