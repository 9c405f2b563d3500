// The HTTP/2 settings of the agent, RFC 9113 section 6.5.2.

package transport

import "golang.org/x/net/http2"

const (
	// maxStreams bounds the calls at once; a command holds one for its life.
	maxStreams = 1024
	// maxFrameBytes lets the host send stdin in frames as large as its chunks.
	maxFrameBytes = 1 << 20
	// streamWindowBytes is how much stdin of one command may wait in the agent.
	streamWindowBytes = 1 << 20
	// connWindowBytes keeps commands that do not read their stdin from holding
	// up the others: a dozen full stream windows fit in it.
	connWindowBytes = 16 << 20
)

func newProtocol() *http2.Server {
	return &http2.Server{
		MaxConcurrentStreams:         maxStreams,
		MaxReadFrameSize:             maxFrameBytes,
		MaxUploadBufferPerStream:     streamWindowBytes,
		MaxUploadBufferPerConnection: connWindowBytes,
	}
}
