// Connections of TCP.

package gateway

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/record"
)

const peer = "203.0.113.2:80"

// serve runs act for each connection to a server on loopback.
func serve(t *testing.T, act func(net.Conn)) net.Addr {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				act(conn)
			}()
		}
	}()
	return listener.Addr()
}

func echo(conn net.Conn) { _, _ = io.Copy(conn, conn) }

func TestBytesGoBothWaysAndHalvesClose(t *testing.T) {
	g := newGuest(t, noNames{})
	g.world.put("tcp", peer, serve(t, func(conn net.Conn) {
		content, _ := io.ReadAll(conn)
		_, _ = conn.Write(slices.Concat([]byte("got "), content))
	}))
	conn, err := g.dialTCP(peer)
	if err != nil {
		t.Fatal(err)
	}
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<18)
	if _, err := conn.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.Equal(answer, slices.Concat([]byte("got "), content)) {
		t.Errorf("%d bytes, %v", len(answer), err)
	}
	conn.Close()
	lines := g.lines()
	if len(lines) != 2 || !lines[0].Open || lines[1].BytesSent != uint64(len(content)) ||
		lines[1].BytesReceived != uint64(len(answer)) || lines[1].Verdict != record.Allowed || lines[1].Reason != "" {
		t.Error(lines)
	}
}

func TestManyConnectionsAtOnceKeepTheirBytesApart(t *testing.T) {
	g := newGuest(t, noNames{})
	g.world.put("tcp", peer, serve(t, echo))
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			conn, err := g.dialTCP(peer)
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			content := bytes.Repeat([]byte{byte(i)}, 200_000)
			go func() { _, _ = conn.Write(content) }()
			back := make([]byte, len(content))
			if _, err := io.ReadFull(conn, back); err != nil || !bytes.Equal(back, content) {
				t.Error(i, err)
			}
		})
	}
	all.Wait()
}

func TestAClosedPortIsRefused(t *testing.T) {
	g := newGuest(t, noNames{})
	if conn, err := g.dialTCP(peer); err == nil {
		t.Error("connected", conn)
	}
	lines := g.lines()
	if len(lines) != 1 || lines[0].Verdict != record.Failed || lines[0].Reason != "connection refused" || lines[0].Port != 80 {
		t.Error(lines)
	}
}

func TestAResetPeerResetsTheGuest(t *testing.T) {
	g := newGuest(t, noNames{})
	g.world.put("tcp", peer, serve(t, func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 1))
		_ = conn.(*net.TCPConn).SetLinger(0)
	}))
	conn, err := g.dialTCP(peer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, io.EOF) {
		t.Errorf("%v instead of a reset", err)
	}
}

func TestAGuestThatEndsResetsThePeer(t *testing.T) {
	g := newGuest(t, noNames{})
	seen := make(chan error, 1)
	g.world.put("tcp", peer, serve(t, func(conn net.Conn) {
		_, err := io.Copy(io.Discard, conn)
		seen <- err
	}))
	if _, err := g.dialTCP(peer); err != nil {
		t.Fatal(err)
	}
	lines := g.lines()
	select {
	case <-seen:
	case <-time.After(patience):
		t.Error("the peer still waits")
	}
	if len(lines) != 2 || lines[1].Open {
		t.Error(lines)
	}
}

func TestForbiddenAddressesAreRefusedAndNotDialled(t *testing.T) {
	g := newGuest(t, noNames{}, "192.168.7.0/24")
	g.world.own(netip.MustParseAddr("203.0.113.1"))
	reasons := map[string]string{
		"203.0.113.1:22":          "address of the host",
		"10.1.2.3:80":             "private range",
		"192.168.1.1:80":          "private range",
		"169.254.169.254:80":      "metadata service",
		"100.100.100.200:80":      "metadata service",
		"10.87.0.1:80":            "the gateway serves nothing but DNS",
		"10.87.0.9:80":            "network of the guest",
		"240.0.0.1:80":            "reserved range",
		"[fd00:ec2::254]:80":      "metadata service",
		"[64:ff9b::7f00:1]:80":    "loopback",
		"[2002:7f00:1::1]:80":     "loopback",
		"[64:ff9b::cb00:7101]:80": "address of the host",
		"[fd87::1]:80":            "the gateway serves nothing but DNS",
	}
	for target := range reasons {
		if _, err := g.dialTCP(target); err == nil {
			t.Errorf("%s: connected", target)
		}
	}
	g.world.put("tcp", "192.168.7.7:80", serve(t, echo))
	if _, err := g.dialTCP("192.168.7.7:80"); err != nil {
		t.Error(err)
	}
	if dials := g.world.dials(); len(dials) != 1 || dials[0] != "tcp 192.168.7.7:80" {
		t.Error(dials)
	}
	for _, line := range g.lines() {
		target := netip.AddrPortFrom(netip.MustParseAddr(line.Address), line.Port).String()
		if reason, forbidden := reasons[target]; forbidden && (line.Verdict != record.Refused || line.Reason != reason) {
			t.Error(line)
		}
		delete(reasons, target)
	}
	if len(reasons) != 0 {
		t.Errorf("no lines about %v", reasons)
	}
}

// syn is an attempt to connect that no kernel would make.
func syn(source, target netip.Addr, port uint16) []byte {
	return compose(source, target, protocolTCP, header.TCPMinimumSize, func(payload []byte, pseudo uint16) {
		segment := header.TCP(payload)
		segment.Encode(&header.TCPFields{SrcPort: 4000, DstPort: port, SeqNum: 1, DataOffset: header.TCPMinimumSize, Flags: header.TCPFlagSyn, WindowSize: 65535})
		segment.SetChecksum(^segment.CalculateChecksum(pseudo))
	})
}

func TestPacketsMadeByHandReachNothing(t *testing.T) {
	g := newGuest(t, noNames{})
	for _, target := range []string{"127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "10.87.0.255"} {
		g.send(syn(addresses.Guest4, netip.MustParseAddr(target), 22))
	}
	for _, target := range []string{"::1", "::", "::ffff:127.0.0.1", "::127.0.0.1", "::ffff:203.0.113.1", "fe80::1", "ff02::1"} {
		g.send(syn(addresses.Guest6, netip.MustParseAddr(target), 22))
	}
	// After an answer, everything before it has been handled.
	if _, err := g.dialTCP("10.87.0.1:1"); err == nil {
		t.Error("connected")
	}
	if dials := g.world.dials(); len(dials) != 0 {
		t.Error(dials)
	}
	for _, line := range g.lines() {
		if line.Verdict != record.Refused {
			t.Error(line)
		}
	}
}

func TestSpoofedSourcesAreDroppedAndCounted(t *testing.T) {
	g := newGuest(t, noNames{})
	g.world.put("tcp", peer, serve(t, echo))
	target := netip.MustParseAddr("203.0.113.2")
	for _, source := range []string{"10.87.0.3", "10.87.0.1", "203.0.113.2", "127.0.0.1", "0.0.0.0"} {
		g.send(syn(netip.MustParseAddr(source), target, 80))
	}
	g.send(datagram(netip.MustParseAddrPort("192.0.2.1:53"), netip.MustParseAddrPort(peer), []byte("x")))
	if _, err := g.dialTCP("10.87.0.1:1"); err == nil {
		t.Error("connected")
	}
	if dials := g.world.dials(); len(dials) != 0 {
		t.Error(dials)
	}
	count := uint64(0)
	for _, line := range g.lines() {
		if line.Protocol == "ip" && line.Reason == "source is not the guest's address" {
			count += max(line.Count, 1)
		}
	}
	// The first is written at once, the others are counted.
	if count != 6 {
		t.Error(count)
	}
}

func TestAScanOfTheGatewayIsRefusedAndRecorded(t *testing.T) {
	g := newGuest(t, noNames{})
	var all sync.WaitGroup
	for start := range 20 {
		all.Go(func() {
			for port := 1 + start; port <= 1000; port += 20 {
				if _, err := g.dialTCP(fmt.Sprintf("10.87.0.1:%d", port)); port != dnsPort && err == nil {
					t.Errorf("port %d: connected", port)
				}
			}
		})
	}
	all.Wait()
	count := uint64(0)
	for _, line := range g.lines() {
		if line.Verdict == record.Refused {
			count += max(line.Count, 1)
		}
	}
	if count != 999 {
		t.Error(count)
	}
}

func TestOneConnectionTooManyIsRefused(t *testing.T) {
	g := newGuest(t, noNames{})
	g.world.put("tcp", peer, serve(t, echo))
	conns := make([]net.Conn, maxConnections)
	var all sync.WaitGroup
	for i := range conns {
		all.Go(func() {
			var err error
			if conns[i], err = g.dialTCP(peer); err != nil {
				t.Error(i, err)
			}
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	if _, err := g.dialTCP(peer); err == nil {
		t.Error("one more than there may be")
	}
	for i, conn := range conns {
		if _, err := fmt.Fprintf(conn, "%08d", i); err != nil {
			t.Fatal(i, err)
		}
		back := make([]byte, 8)
		if _, err := io.ReadFull(conn, back); err != nil || string(back) != fmt.Sprintf("%08d", i) {
			t.Fatal(i, string(back), err)
		}
	}
	for _, conn := range conns[:100] {
		conn.Close()
	}
	deadline := time.Now().Add(patience)
	for {
		// The peer's end follows, and then there is room again: nothing tells when.
		if _, err := g.dialTCP(peer); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatal("no room although connections have ended")
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !slices.ContainsFunc(g.lines(), func(line record.Line) bool { return line.Reason == reasonTooMany }) {
		t.Error("no line about it")
	}
}
