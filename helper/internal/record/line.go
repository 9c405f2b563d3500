// Package record writes what a guest did on the network: one JSON object on
// each line, in a file of bounded size.
package record

import (
	"net/netip"
	"time"
)

// Verdicts.
const (
	Allowed = "allowed"
	Refused = "refused"
	Failed  = "failed"
)

// Line is one line of the record. None of its texts is the guest's own, but
// Name, which the resolver has checked.
type Line struct {
	// At is when the line was written, RFC 3339, UTC.
	At string `json:"at"`
	// ID joins the two lines of an allowed connection: the first has Open.
	ID   string `json:"id,omitempty"`
	Open bool   `json:"open,omitempty"`
	// Protocol is "tcp", "udp", "icmp" or "dns"; "ip" for packets that are none
	// of them, and "record" for lines that were lost.
	Protocol string `json:"protocol"`
	// Name is the one that the guest asked for, as far as it is known.
	Name          string `json:"name"`
	Address       string `json:"address"`
	Port          uint16 `json:"port"`
	BytesSent     uint64 `json:"bytes_sent"`
	BytesReceived uint64 `json:"bytes_received"`
	Verdict       string `json:"verdict"`
	Reason        string `json:"reason"`
	DurationMs    int64  `json:"duration_ms"`
	// Count is set on a line that stands for several; those of one flood that
	// differ in name, address or port have none of these.
	Count uint64 `json:"count,omitempty"`
}

// To is a line about an address, without a name.
func To(protocol string, target netip.AddrPort) Line {
	line := Line{Protocol: protocol, Port: target.Port()}
	if target.Addr().IsValid() {
		line.Address = target.Addr().String()
	}
	return line
}

func stamp(now time.Time) string { return now.UTC().Format("2006-01-02T15:04:05.000Z") }
