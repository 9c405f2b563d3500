// The life of the program.

package network

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/confine"
	"pyro-mcp/helper/internal/dns"
	"pyro-mcp/helper/internal/gateway"
	"pyro-mcp/helper/internal/host"
	"pyro-mcp/helper/internal/outside"
	"pyro-mcp/helper/internal/policy"
	"pyro-mcp/helper/internal/record"
)

// mtu is the longest packet that the guest gets: the largest of IPv4, because
// each packet has a price in the guest's kernel, whatever its length.
const mtu = 65535

type ready struct {
	Ready bool `json:"ready"`
	PID   int  `json:"pid"`
	// IPv6 tells whether the guest can use it.
	IPv6 bool `json:"ipv6"`
}

type failure struct {
	Error string `json:"error"`
}

// Run reads its configuration from stdin, tells on stdout that it is ready, or
// why not, and serves the guest until its agent hangs up. It returns the exit code.
func Run() int {
	if err := run(); err != nil {
		// After "ready" nobody reads it.
		_ = json.NewEncoder(os.Stdout).Encode(failure{Error: err.Error()})
		return 1
	}
	return 0
}

func run() error {
	config, err := readConfig(os.Stdin)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	recorder, err := record.Open(config.Record)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	defer recorder.Close()
	socket, err := openSocket(config.Socket)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	hasIPv6 := host.HasIPv6()
	if err := announce(ready{Ready: true, PID: os.Getpid(), IPv6: hasIPv6}); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	conn, err := socket.accept(ctx, config.token)
	if err != nil {
		return err
	}
	// Only now, because the socket's file had to go. Up to here 32 bytes of the
	// guest's have been looked at.
	if err := confine.Drop(); err != nil {
		return fmt.Errorf("give up rights: %w", err)
	}
	return serve(ctx, conn, config, hasIPv6, recorder)
}

func serve(ctx context.Context, conn net.Conn, config config, hasIPv6 bool, recorder *record.Recorder) error {
	servers := dns.Servers{Fixed: config.servers}
	return gateway.Serve(ctx, conn, gateway.Options{
		Outside: outside.Outside{
			Policy: policy.Policy{Allow: config.allow, Own: host.IsOwn},
			Dial:   host.Dial,
		},
		Record:   recorder,
		Resolver: &dns.Resolver{Lookup: servers.Lookup, Exchange: servers.Exchange, HasIPv6: hasIPv6, Record: recorder},
		MTU:      mtu,
	})
}

// announce says line, then lets go of stdin and stdout, so that whoever reads
// sees their end. Their numbers stay taken: what is written to stdout by mistake
// must not reach the guest.
func announce(line ready) error {
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	return errors.Join(
		unix.Dup3(int(null.Fd()), 0, 0),
		unix.Dup3(int(null.Fd()), 1, 0),
	)
}
