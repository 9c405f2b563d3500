// Package secret keeps credentials out of what is told to others.
package secret

import (
	"encoding/base64"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// minSecretBytes: a shorter one would blacken ordinary words, and protects nothing.
const minSecretBytes = 4

const mask = "[redacted]"

var address = regexp.MustCompile(`\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>]+`)

// Keeper knows the credentials that were used. The zero value is ready; it is
// safe for concurrent use.
type Keeper struct {
	mu      sync.Mutex
	secrets []string
}

// Add remembers secrets, in all the forms in which they may come back.
func (k *Keeper) Add(secrets ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, each := range secrets {
		for _, form := range []string{each, url.QueryEscape(each), base64.StdEncoding.EncodeToString([]byte(each))} {
			if len(each) >= minSecretBytes && !slices.Contains(k.secrets, form) {
				k.secrets = append(k.secrets, form)
			}
		}
	}
	// Longest first, so that no part of one stays when another is within it.
	slices.SortFunc(k.secrets, func(a, b string) int { return len(b) - len(a) })
}

// AddHeader remembers what an Authorization header carries.
func (k *Keeper) AddHeader(authorization string) {
	scheme, value, found := strings.Cut(authorization, " ")
	if !found {
		return
	}
	k.Add(value)
	if strings.EqualFold(scheme, "basic") {
		if decoded, err := base64.StdEncoding.DecodeString(value); err == nil {
			_, password, _ := strings.Cut(string(decoded), ":")
			k.Add(password)
		}
	}
}

// Clean returns text without known secrets, and without what addresses carry
// besides host and path: user names, passwords, signed queries.
func (k *Keeper) Clean(text string) string {
	text = address.ReplaceAllStringFunc(text, strip)
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, each := range k.secrets {
		text = strings.ReplaceAll(text, each, mask)
	}
	return text
}

func strip(text string) string {
	parsed, err := url.Parse(text)
	if err != nil {
		return mask
	}
	parsed.User, parsed.RawQuery, parsed.Fragment = nil, "", ""
	return parsed.String()
}
