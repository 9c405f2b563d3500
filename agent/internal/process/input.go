// stdin of a command on its way from the host.

package process

import (
	"errors"
	"io"
	"os"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// feed writes the host's stdin messages to file until they end, and closes it.
// Writing blocks while the command does not read: that is the host's
// back-pressure. When nobody reads any more, the rest is received and dropped,
// so that a host which goes on sending is not held up.
//
// It returns an error when the host breaks the protocol or its stream breaks.
// The caller closes file to end a blocked write.
func feed(receive func() (*agentv1.ExecRequest, error), file *os.File) error {
	defer file.Close()
	for readable := true; ; {
		request, err := receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch message := request.GetMessage().(type) {
		case *agentv1.ExecRequest_Stdin:
			if readable {
				_, err := file.Write(message.Stdin)
				readable = err == nil
			}
		case *agentv1.ExecRequest_StdinEnd:
			return nil
		default:
			return connect.NewError(connect.CodeInvalidArgument, errors.New("only stdin and stdin_end may follow start"))
		}
	}
}

// drain drops what the host still sends, to the end of its side of the stream.
func drain(receive func() (*agentv1.ExecRequest, error)) {
	for {
		if _, err := receive(); err != nil {
			return
		}
	}
}
