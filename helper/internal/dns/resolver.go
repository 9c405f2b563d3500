// Package dns answers a guest's queries: addresses by the host's own resolver,
// everything else by asking the host's name servers. It remembers which name
// was asked for an address, for the record.
package dns

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"pyro-mcp/helper/internal/record"
)

const (
	// patience is that of most resolvers with their servers, in all.
	patience = 10 * time.Second
	// answerTTL is short: the host's resolver does not tell the real one, seconds.
	answerTTL = 30
	// maxAnswers fit into a datagram with room to spare.
	maxAnswers = 16
)

// Lookup finds addresses; network is "ip4" or "ip6". It fails with a
// *net.DNSError.
type Lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)

// Exchange asks a name server of the host's, with a whole message each way.
type Exchange func(ctx context.Context, query []byte) ([]byte, error)

// Resolver implements gateway.Resolver.
type Resolver struct {
	Lookup   Lookup
	Exchange Exchange
	// HasIPv6: without it, names have no IPv6 addresses, so that no program
	// tries them first.
	HasIPv6 bool
	Record  *record.Recorder

	names names
}

// NameOf is the name whose answer held address, or "".
func (r *Resolver) NameOf(address netip.Addr) string { return r.names.of(address) }

// Answer returns nil when query is no query.
func (r *Resolver) Answer(ctx context.Context, query []byte, stream bool) []byte {
	asked, ok := parseQuery(query)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	reply := r.reply(ctx, asked)
	if !stream && len(reply) > asked.maxBytes {
		return build(asked, dnsmessage.RCodeSuccess, true, nil)
	}
	return reply
}

func (r *Resolver) reply(ctx context.Context, asked query) []byte {
	if asked.refusal != dnsmessage.RCodeSuccess {
		return build(asked, asked.refusal, false, nil)
	}
	switch asked.question.Type {
	case dnsmessage.TypeA:
		return r.addresses(ctx, asked, "ip4")
	case dnsmessage.TypeAAAA:
		if !r.HasIPv6 {
			return build(asked, dnsmessage.RCodeSuccess, false, nil)
		}
		return r.addresses(ctx, asked, "ip6")
	}
	return r.forward(ctx, asked)
}

func (r *Resolver) addresses(ctx context.Context, asked query, network string) []byte {
	found, code := r.lookUp(ctx, network, asked.question.Name.String())
	if len(found) > maxAnswers {
		found = found[:maxAnswers]
	}
	for i, address := range found {
		found[i] = address.Unmap()
		r.names.remember(found[i], asked.name)
	}
	r.note(asked, code, found)
	return build(asked, code, false, found)
}

// lookUp tells a name that does not exist from one without such an address,
// which the host's resolver does not.
func (r *Resolver) lookUp(ctx context.Context, network, host string) ([]netip.Addr, dnsmessage.RCode) {
	found, err := r.Lookup(ctx, network, host)
	if err == nil {
		return found, dnsmessage.RCodeSuccess
	}
	if !isNotFound(err) {
		return nil, dnsmessage.RCodeServerFailure
	}
	other := "ip6"
	if network == "ip6" {
		other = "ip4"
	}
	_, err = r.Lookup(ctx, other, host)
	switch {
	case err == nil:
		return nil, dnsmessage.RCodeSuccess
	case isNotFound(err):
		return nil, dnsmessage.RCodeNameError
	}
	return nil, dnsmessage.RCodeServerFailure
}

func isNotFound(err error) bool {
	var failure *net.DNSError
	return errors.As(err, &failure) && failure.IsNotFound
}

// forward asks with a message of our own making: what the guest wrote beyond its
// question goes nowhere.
func (r *Resolver) forward(ctx context.Context, asked query) []byte {
	answer, err := r.Exchange(ctx, question(asked))
	if err != nil || !isAnswerTo(asked, answer) {
		r.note(asked, dnsmessage.RCodeServerFailure, nil)
		return build(asked, dnsmessage.RCodeServerFailure, false, nil)
	}
	r.note(asked, rcodeOf(answer), nil)
	return answer
}

func (r *Resolver) note(asked query, code dnsmessage.RCode, found []netip.Addr) {
	line := record.Line{Protocol: "dns", Name: asked.name, Verdict: record.Allowed, Reason: typeName(asked.question.Type)}
	if len(found) > 0 {
		line.Address = found[0].String()
	}
	switch code {
	case dnsmessage.RCodeSuccess:
	case dnsmessage.RCodeNameError:
		line.Verdict, line.Reason = record.Failed, line.Reason+": no such name"
	default:
		line.Verdict, line.Reason = record.Failed, line.Reason+": no answer"
	}
	r.Record.Note(line)
}
