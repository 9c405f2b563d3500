// Package network is the program `pyro-helper network`: the network of one
// guest, for as long as the guest's agent is connected.
package network

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"path/filepath"

	"pyro-mcp/helper/internal/dns"
	"pyro-mcp/helper/internal/policy"
)

const (
	tokenBytes = 32
	// maxConfigBytes holds some thousand ranges.
	maxConfigBytes = 64 << 10
)

// config is the one line on stdin.
type config struct {
	// Socket is the path to listen on.
	Socket string `json:"socket"`
	// Token is what the agent proves itself with, in hexadecimal digits.
	Token string `json:"token"`
	// Record is the path of the record; with ".1" appended, of what was before it.
	// Empty: there is none.
	Record string `json:"record"`
	// Allow opens private ranges.
	Allow []string `json:"allow"`
	// Resolvers take the place of the host's name servers.
	Resolvers []string `json:"resolvers"`

	token   [tokenBytes]byte
	allow   []netip.Prefix
	servers []netip.AddrPort
}

func readConfig(input io.Reader) (config, error) {
	line, err := bufio.NewReader(io.LimitReader(input, maxConfigBytes)).ReadBytes('\n')
	if err != nil {
		return config{}, fmt.Errorf("read one line: %w", err)
	}
	var read config
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return config{}, err
	}
	if !filepath.IsAbs(read.Socket) || read.Record != "" && !filepath.IsAbs(read.Record) {
		return config{}, errors.New("socket and record must be absolute paths")
	}
	token, err := hex.DecodeString(read.Token)
	if err != nil || len(token) != tokenBytes {
		return config{}, fmt.Errorf("token must have %d hexadecimal digits", 2*tokenBytes)
	}
	read.token = [tokenBytes]byte(token)
	if read.allow, err = policy.ParseAllow(read.Allow); err != nil {
		return config{}, fmt.Errorf("allow: %w", err)
	}
	if read.servers, err = dns.ParseServers(read.Resolvers); err != nil {
		return config{}, fmt.Errorf("resolvers: %w", err)
	}
	return read, nil
}
