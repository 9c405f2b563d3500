// Package agent puts the parts of the agent together: what runs in a guest,
// what runs on a host without isolation, and how both end.
package agent

import (
	"context"
	"net/http"
	"syscall"
	"time"

	"connectrpc.com/connect"

	"pyro-mcp/agent/gen/agent/v1/agentv1connect"
	"pyro-mcp/agent/internal/disk"
	"pyro-mcp/agent/internal/files"
	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/machine"
	"pyro-mcp/agent/internal/network"
	"pyro-mcp/agent/internal/ports"
	"pyro-mcp/agent/internal/process"
	"pyro-mcp/agent/internal/reaper"
	"pyro-mcp/agent/internal/secrets"
	"pyro-mcp/agent/internal/shells"
	"pyro-mcp/agent/internal/supervisor"
	"pyro-mcp/agent/internal/transport"
)

// Config is the command line of the agent.
type Config struct {
	// Socket is the path of the host's unix socket.
	Socket string
	// HostRoot is empty in a guest; otherwise the directory that stands for "/".
	HostRoot string
	// Version is told to the host in Hello.
	Version string
}

const (
	// maxMessageBytes bounds every message read; stdin comes in chunks far below it.
	maxMessageBytes = 4 << 20
	// signalGrace is the time between TERM and KILL when the agent itself is told to end.
	signalGrace = 2 * time.Second
)

// Run serves until the host shuts the agent down, a signal ends it, or, outside
// a guest, the host is gone.
func Run(config Config) error {
	ended := endSignals(config.HostRoot == "")
	place, err := prepare(config)
	if err != nil {
		return err
	}
	children := reaper.Start(place.forest.Sweep)
	launcher := launch.New(place.defaults, place.forest, children)
	vault := &secrets.Store{}
	processes := process.NewService(launcher, vault)
	filesystem, err := files.NewService(place.defaults.Root)
	if err != nil {
		return err
	}
	terminals := shells.NewService(launcher, vault)
	server := transport.NewServer(config.Socket, place.patience, processes.Wait)
	machines := machine.NewService(machine.Options{
		Version:  config.Version,
		Identity: place.identity,
		Warnings: place.warnings,
		Limit:    place.forest.Limit,
		End:      launcher.EndAll,
		Stop:     server.Drain,
	})
	server.Handler = services{
		machines:   machines,
		processes:  processes,
		files:      filesystem,
		networks:   network.NewService(network.Options{ChannelDir: place.channelDir, Confine: launcher.Confine}),
		secrets:    secrets.NewService(vault, place.secretsDir),
		disks:      disk.NewService(place.defaults.Root),
		shells:     terminals,
		supervisor: supervisor.New(launcher, vault, place.defaults.Root),
	}.routes()

	go watchCheckpoints(server.Redial)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		<-ended
		launcher.EndAll(signalGrace)
		syscall.Sync()
		cancel()
	}()
	err = server.Run(ctx)
	launcher.EndAll(0)
	return err
}

// services are what the protocol offers.
type services struct {
	machines   *machine.Service
	processes  *process.Service
	files      *files.Service
	networks   *network.Service
	secrets    *secrets.Service
	disks      *disk.Service
	shells     *shells.Service
	supervisor *supervisor.Supervisor
}

// routes mounts them. Compression is off: both ends share a machine, and a
// compressed message could grow without bound.
func (s services) routes() http.Handler {
	options := []connect.HandlerOption{
		connect.WithReadMaxBytes(maxMessageBytes),
		connect.WithCompression("gzip", nil, nil),
		connect.WithInterceptors(s.machines.Gate()),
	}
	mux := http.NewServeMux()
	mux.Handle(agentv1connect.NewMachineServiceHandler(s.machines, options...))
	mux.Handle(agentv1connect.NewProcessServiceHandler(s.processes, options...))
	mux.Handle(agentv1connect.NewFilesServiceHandler(s.files, options...))
	mux.Handle(agentv1connect.NewNetworkServiceHandler(s.networks, options...))
	mux.Handle(agentv1connect.NewSecretsServiceHandler(s.secrets, options...))
	mux.Handle(agentv1connect.NewDiskServiceHandler(s.disks, options...))
	mux.Handle(agentv1connect.NewShellsServiceHandler(s.shells, options...))
	mux.Handle(agentv1connect.NewSupervisorServiceHandler(s.supervisor, options...))
	mux.Handle(agentv1connect.NewPortServiceHandler(ports.Service{}, options...))
	return mux
}
