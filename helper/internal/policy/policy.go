// Package policy says which addresses a guest may reach. Pure: what the host
// knows of an address is given.
package policy

import (
	"fmt"
	"net/netip"
)

// Policy is the same for the whole life of a guest.
type Policy struct {
	// Allow opens private ranges. It never opens what is always forbidden.
	Allow []netip.Prefix
	// Own tells whether an address is one of the host's: packets for it would
	// stay on the host. It is asked anew for every decision.
	Own func(netip.Addr) bool
}

// Refusal is the error of a forbidden address.
type Refusal struct {
	// Reason is one of few fixed texts, for the record.
	Reason string
}

func (r *Refusal) Error() string { return "refused: " + r.Reason }

// Judge returns nil for an address that the guest may reach. An address that
// holds others (IPv4 in IPv6) is as forbidden as the worst of them.
func (p Policy) Judge(address netip.Addr) *Refusal {
	for _, each := range expand(address) {
		if refusal := p.judgeOne(each); refusal != nil {
			return refusal
		}
	}
	return p.judgeOwn(address)
}

func (p Policy) judgeOne(address netip.Addr) *Refusal {
	if !address.IsValid() || address.Zone() != "" {
		return &Refusal{Reason: "not an address of the internet"}
	}
	if reason := lookUp(forbidden, address); reason != "" {
		return &Refusal{Reason: reason}
	}
	if reason := lookUp(private, address); reason != "" && !p.allows(address) {
		return &Refusal{Reason: reason}
	}
	if address.Is6() && !globalUnicast.Contains(address) && lookUp(private, address) == "" {
		return &Refusal{Reason: reasonReserved}
	}
	return p.judgeOwn(address)
}

func (p Policy) judgeOwn(address netip.Addr) *Refusal {
	if p.Own(address) {
		return &Refusal{Reason: "address of the host"}
	}
	return nil
}

func (p Policy) allows(address netip.Addr) bool {
	for _, prefix := range p.Allow {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// ParseAllow reads what a user opens. An IPv4 range must be said in IPv4: its
// other spellings follow from it.
func ParseAllow(texts []string) ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		if prefix.Addr().Is4In6() {
			return nil, fmt.Errorf("%s is an IPv4 range in IPv6 form", text)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}
