// The HTTP/2 settings of the agent, RFC 9113 section 6.5.2.

package transport

import "golang.org/x/net/http2"

const (
	// maxStreams bounds the calls at once; a command holds one for its life.
	maxStreams = 1024
	// maxFrameBytes lets the host send stdin in frames as large as its chunks.
	maxFrameBytes = 1 << 20
	// streamWindowBytes is how much of one call may wait in the agent: stdin of a
	// command, or what goes to a port.
	streamWindowBytes = 256 << 10
	// connWindowBytes holds all of them: commands and servers that read nothing
	// hold up no other call.
	connWindowBytes = maxStreams * streamWindowBytes
)

func newProtocol() *http2.Server {
	return &http2.Server{
		MaxConcurrentStreams:         maxStreams,
		MaxReadFrameSize:             maxFrameBytes,
		MaxUploadBufferPerStream:     streamWindowBytes,
		MaxUploadBufferPerConnection: connWindowBytes,
	}
}
