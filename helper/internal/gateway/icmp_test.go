// Echo requests.

package gateway

import (
	"net/netip"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"pyro-mcp/helper/internal/addresses"
)

// echoRequest is one of the guest's, whole.
func echoRequest(target netip.Addr, identifier uint16, content string) []byte {
	request, _ := echoTypes(target)
	source := addresses.Guest4
	if target.Is6() {
		source = addresses.Guest6
	}
	message := make([]byte, header.ICMPv4MinimumSize+len(content))
	message[0] = request
	message[4], message[5] = byte(identifier>>8), byte(identifier)
	copy(message[header.ICMPv4MinimumSize:], content)
	return icmpPacket(source, target, message)
}
