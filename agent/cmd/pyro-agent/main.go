// Command pyro-agent is PID 1 of every guest: it dials the host and serves the
// guest protocol (proto/agent/v1/agent.proto) over that connection.
package main

import (
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	"pyro-mcp/agent/internal/agent"
	"pyro-mcp/agent/internal/session"
)

// version is set at link time: -ldflags "-X main.version=…".
var version = "dev"

const dialTimeout = 10 * time.Second

func main() {
	config := agent.Config{Version: version}
	flag.StringVar(&config.Socket, "socket", "/run/pyro/agent.sock", "unix socket of the host to dial")
	flag.StringVar(&config.HostRoot, "host-root", "", "run on the host, without isolation, with `DIR` as the root of working directories")
	shell := flag.String("session", "", "lead the session of a terminal, with `PROGRAM` as its shell")
	target := flag.String("dial", "", "connect to `ADDRESS` by TCP, and exit with 0 when that works")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *showVersion {
		fmt.Println(version)
		return
	}
	if *target != "" {
		os.Exit(tryDial(*target))
	}
	if *shell != "" {
		os.Exit(session.Lead(*shell))
	}
	if err := agent.Run(config); err != nil {
		fmt.Fprintln(os.Stderr, "pyro-agent:", err)
		os.Exit(1)
	}
}

// tryDial shows what a guest's network lets through, with nothing of the guest's own.
func tryDial(address string) int {
	conn, err := net.DialTimeout("tcp", address, dialTimeout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pyro-agent:", err)
		return 1
	}
	_ = conn.Close()
	return 0
}
