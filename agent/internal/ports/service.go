// Connect: one call, one connection.

package ports

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"connectrpc.com/connect"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// chunkBytes is the largest piece in one message to the host.
const chunkBytes = 64 << 10

// Service implements agentv1connect.PortServiceHandler.
type Service struct{}

type connectStream = connect.BidiStream[agentv1.ConnectRequest, agentv1.ConnectResponse]

// Connect carries one connection until both sides have ended it. A full buffer
// on either side holds back the other one.
func (Service) Connect(ctx context.Context, stream *connectStream) error {
	first, err := stream.Receive()
	if err != nil {
		return err
	}
	port := first.GetPort()
	if !IsPort(port) {
		return connect.NewError(connect.CodeInvalidArgument, fmt.Errorf("%d is no port", port))
	}
	conn, err := Dial(ctx, port)
	if err != nil {
		return connect.NewError(connect.CodeUnavailable, fmt.Errorf("nothing listens on port %d", port))
	}
	defer conn.Close()
	// What blocks in a read or write of the connection ends with the call.
	defer context.AfterFunc(ctx, func() { reset(conn) })()
	if err := stream.Send(&agentv1.ConnectResponse{Message: &agentv1.ConnectResponse_Opened{Opened: &agentv1.ConnectOpened{}}}); err != nil {
		return err
	}
	received := make(chan error, 1)
	// It may outlive this call, blocked in Receive; the end of the call ends it.
	go func() {
		err := fromHost(stream.Receive, conn)
		if err != nil {
			reset(conn)
		}
		received <- err
	}()
	err = toHost(conn, stream.Send)
	if err == nil {
		err = <-received
	}
	if err != nil {
		reset(conn)
		return connect.NewError(connect.CodeAborted, fmt.Errorf("the connection broke: %w", err))
	}
	return nil
}

// reset lets the peer see that the connection broke, rather than ended.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}

// fromHost writes the host's bytes to conn until it says that no more follow.
func fromHost(receive func() (*agentv1.ConnectRequest, error), conn *net.TCPConn) error {
	for {
		request, err := receive()
		if err != nil {
			return err
		}
		switch message := request.GetMessage().(type) {
		case *agentv1.ConnectRequest_Data:
			if _, err := conn.Write(message.Data); err != nil {
				return err
			}
		case *agentv1.ConnectRequest_End:
			return conn.CloseWrite()
		default:
			return errors.New("only data and end may follow port")
		}
	}
}

// toHost sends what comes from conn, and that it has ended.
func toHost(conn *net.TCPConn, send func(*agentv1.ConnectResponse) error) error {
	buffer := make([]byte, chunkBytes)
	for {
		n, err := conn.Read(buffer)
		if n > 0 {
			if err := send(&agentv1.ConnectResponse{Message: &agentv1.ConnectResponse_Data{Data: buffer[:n]}}); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return send(&agentv1.ConnectResponse{Message: &agentv1.ConnectResponse_End{End: &agentv1.ConnectEnd{}}})
		}
		if err != nil {
			return err
		}
	}
}
