// Package network implements NetworkService: eth0, a TUN device whose packets
// go to a user-space stack on the host.
package network

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"sync"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// Options are what a Service acts through.
type Options struct {
	// ChannelDir holds the sockets of the host; empty where there is no guest,
	// whose network is not the agent's to change.
	ChannelDir string
	// Confine takes the right to change the network from all processes that are
	// started from now on.
	Confine func() error
}

// Service implements agentv1connect.NetworkServiceHandler.
type Service struct {
	options Options

	// attaching lets one Attach after the other do its work.
	attaching sync.Mutex
	device    *device
	link      link
}

// NewService makes the service of a guest without a network.
func NewService(options Options) *Service {
	return &Service{options: options, link: newLink()}
}

// Attach connects the device, which the first call makes.
func (s *Service) Attach(ctx context.Context, request *connect.Request[agentv1.AttachRequest]) (*connect.Response[agentv1.AttachResponse], error) {
	if s.options.ChannelDir == "" {
		return nil, connect.NewError(connect.CodeFailedPrecondition, errors.New("there is no guest: the network is that of the host"))
	}
	settings, err := parseSettings(request.Msg)
	if err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	s.attaching.Lock()
	defer s.attaching.Unlock()
	if err := s.attach(ctx, settings); err != nil {
		return nil, connect.NewError(connect.CodeInternal, err)
	}
	return connect.NewResponse(&agentv1.AttachResponse{}), nil
}

func (s *Service) attach(ctx context.Context, settings settings) error {
	if err := s.options.Confine(); err != nil {
		return fmt.Errorf("take rights from commands: %w", err)
	}
	if s.device == nil {
		made, err := openDevice(settings)
		if err != nil {
			return err
		}
		s.device = made
		go s.device.pumpOut(&s.link)
	}
	if err := writeResolvers(resolvConf, settings.dns); err != nil {
		return err
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", filepath.Join(s.options.ChannelDir, settings.socketName))
	if err != nil {
		return err
	}
	if _, err := conn.Write(settings.token); err != nil {
		conn.Close()
		return err
	}
	s.link.replace(conn)
	go func() {
		s.device.pumpIn(conn)
		s.link.lost(conn)
	}()
	return nil
}

// Watch streams whether the device is connected: now, then each change.
func (s *Service) Watch(ctx context.Context, _ *connect.Request[agentv1.WatchRequest], stream *connect.ServerStream[agentv1.WatchResponse]) error {
	for first, last := true, false; ; first = false {
		attached, changed := s.link.state()
		if first || attached != last {
			if err := stream.Send(&agentv1.WatchResponse{Attached: attached}); err != nil {
				return err
			}
			last = attached
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
