// Package gateway is the far end of a guest's network: it takes the guest's
// packets apart, ends its TCP connections in a stack of its own, and carries
// what the policy lets through over ordinary sockets of the host.
package gateway

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip/header"

	"pyro-mcp/helper/internal/addresses"
	"pyro-mcp/helper/internal/outside"
	"pyro-mcp/helper/internal/policy"
	"pyro-mcp/helper/internal/record"
	"pyro-mcp/helper/internal/wire"
)

// maxConnections bounds what a guest makes this process hold: connections of
// TCP, and pairs of ends of UDP and ICMP.
const maxConnections = 2000

// endPatience is how long connections may take to end when the guest has. What
// takes longer, such as a handshake that nobody answers any more, has nothing to
// record.
const endPatience = 2 * time.Second

const reasonTooMany = "too many connections"

// Resolver answers the guest's queries.
type Resolver interface {
	// Answer returns the whole message to send back, or nil for none. One for a
	// datagram has no more bytes than the query allows.
	Answer(ctx context.Context, query []byte, stream bool) []byte
	// NameOf is the name whose answer held address, or "".
	NameOf(address netip.Addr) string
}

// Options are what a Gateway acts through.
type Options struct {
	Outside  outside.Outside
	Record   *record.Recorder
	Resolver Resolver
	// MTU is the one of the guest's device, bytes.
	MTU uint32
}

// Gateway serves one guest.
type Gateway struct {
	Options
	outbox *wire.Outbox
	slots  *slots
	flows  *flows
	tcp    *tcpStack
	// queries bounds the answers that are being sought at once.
	queries chan struct{}
	ctx     context.Context
	work    work
}

// Serve carries packets until conn ends or ctx is done, then ends everything
// that the guest had open. It fails when the guest does not speak in packets.
func Serve(ctx context.Context, conn net.Conn, options Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	g := &Gateway{
		Options: options,
		outbox:  wire.NewOutbox(),
		slots:   newSlots(maxConnections),
		flows:   newFlows(),
		queries: make(chan struct{}, maxQueries),
		ctx:     ctx,
	}
	stack, err := newTCPStack(g)
	if err != nil {
		cancel()
		return err
	}
	g.tcp = stack
	g.work.start(func() {
		if err := g.outbox.Send(conn); err != nil {
			cancel()
		}
	})
	err = g.receive(conn)
	cancel()
	g.outbox.Close()
	g.tcp.close()
	g.flows.close()
	g.work.end(endPatience)
	return err
}

func (g *Gateway) receive(conn net.Conn) error {
	reader := wire.NewReader(conn)
	for {
		bytes, err := reader.Next()
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed):
			return nil
		case err != nil:
			return err
		}
		g.handle(bytes)
	}
}

// handle takes one packet of the guest. bytes are valid until it returns.
func (g *Gateway) handle(bytes []byte) {
	p, drop := parse(bytes)
	switch {
	case drop != "":
		g.noteDrop(drop)
	case p.isChatter():
	case p.source != addresses.Guest4 && p.source != addresses.Guest6:
		g.noteDrop("source is not the guest's address")
	case p.protocol == protocolTCP:
		g.handleTCP(p)
	case p.protocol == protocolUDP:
		g.handleUDP(p)
	case p.protocol == protocolICMP && p.target.Is4(), p.protocol == protocolICMPv6 && p.target.Is6():
		g.handleICMP(p)
	default:
		g.noteRefused("ip", p.destination(), "neither TCP, UDP nor ICMP")
		g.send(refusal(p, protocolUnreachable))
	}
}

// handleTCP gives p to the stack. Attempts to reach what is no single machine
// would be dropped there without a word.
func (g *Gateway) handleTCP(p packet) {
	flags := header.TCP(p.payload).Flags()
	isAttempt := flags&(header.TCPFlagSyn|header.TCPFlagAck) == header.TCPFlagSyn
	if isAttempt && !p.target.IsGlobalUnicast() {
		if err := g.Outside.Policy.Judge(p.target); err != nil {
			g.noteRefused(outside.TCP, p.destination(), err.Reason)
			g.send(reset(p))
			return
		}
	}
	g.tcp.inject(p)
}

func (g *Gateway) send(bytes []byte) { g.outbox.Put(wire.Packet{Pieces: [][]byte{bytes}}) }

// connect opens what the guest asks for, or records why not.
func (g *Gateway) connect(protocol string, target netip.AddrPort) (net.Conn, error) {
	conn, err := g.connectWithin(protocol, target)
	if err == nil {
		return conn, nil
	}
	line := g.lineTo(protocol, target)
	line.Verdict, line.Reason = record.Failed, describe(err)
	var refused *policy.Refusal
	if errors.As(err, &refused) {
		line.Verdict, line.Reason = record.Refused, refused.Reason
	}
	g.Record.Note(line)
	return nil, err
}

func (g *Gateway) connectWithin(protocol string, target netip.AddrPort) (net.Conn, error) {
	if addresses.IsGateway(target.Addr()) {
		return nil, &policy.Refusal{Reason: "the gateway serves nothing but DNS"}
	}
	if !g.slots.take() {
		return nil, &policy.Refusal{Reason: reasonTooMany}
	}
	conn, err := g.Outside.Connect(g.ctx, protocol, target)
	if err != nil {
		g.slots.give()
	}
	return conn, err
}

func (g *Gateway) lineTo(protocol string, target netip.AddrPort) record.Line {
	line := record.To(protocol, target)
	line.Name = g.Resolver.NameOf(target.Addr())
	return line
}

func (g *Gateway) noteRefused(protocol string, target netip.AddrPort, reason string) {
	line := g.lineTo(protocol, target)
	line.Verdict, line.Reason = record.Refused, reason
	g.Record.Note(line)
}

// noteDrop counts what does not deserve a line of its own.
func (g *Gateway) noteDrop(reason string) {
	g.noteRefused("ip", netip.AddrPort{}, reason)
}
