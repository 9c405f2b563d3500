// Command pyro-helper does on the host what Go has the field's library for. It
// is started by the daemon, never by a user.
package main

import (
	"fmt"
	"os"

	images "pyro-mcp/helper/internal/images/command"
	"pyro-mcp/helper/internal/network"
)

// version is set at link time: -ldflags "-X main.version=…".
var version = "dev"

func main() {
	if len(os.Args) >= 2 {
		switch os.Args[1] {
		case "network":
			// Further arguments are for whoever looks for the process.
			os.Exit(network.Run())
		case "image":
			os.Exit(images.Run(os.Args[2:]))
		case "--version":
			fmt.Println(version)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: pyro-helper network | image pull|resolve|layout|push")
	os.Exit(2)
}
