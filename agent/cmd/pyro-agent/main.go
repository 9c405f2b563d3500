// Command pyro-agent is PID 1 of every guest: it dials the host and serves the
// guest protocol (proto/agent/v1/agent.proto) over that connection.
package main

import (
	"flag"
	"fmt"
	"os"

	"pyro-mcp/agent/internal/agent"
	"pyro-mcp/agent/internal/session"
)

// version is set at link time: -ldflags "-X main.version=…".
var version = "dev"

func main() {
	config := agent.Config{Version: version}
	flag.StringVar(&config.Socket, "socket", "/run/pyro/agent.sock", "unix socket of the host to dial")
	flag.StringVar(&config.HostRoot, "host-root", "", "run on the host, without isolation, with `DIR` as the root of working directories")
	shell := flag.String("session", "", "lead the session of a terminal, with `PROGRAM` as its shell")
	showVersion := flag.Bool("version", false, "print the version and exit")
	flag.Parse()

	if *showVersion {
		fmt.Println(version)
		return
	}
	if *shell != "" {
		os.Exit(session.Lead(*shell))
	}
	if err := agent.Run(config); err != nil {
		fmt.Fprintln(os.Stderr, "pyro-agent:", err)
		os.Exit(1)
	}
}
