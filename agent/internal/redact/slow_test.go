// Redaction written down as it is meant, without regard to chunks or time.

package redact_test

import (
	"slices"

	"pyro-mcp/agent/internal/redact"
)

// seen is one symbol of a view and the bytes that it stands for.
type seen struct {
	symbol     byte
	start, end int
	// cut: whatever is before it does not belong to what follows.
	cut bool
}

type spot struct {
	start, end int
	secret     string
}

func redactSlowly(patterns []redact.Pattern, text []byte) []byte {
	var spots []spot
	for _, pattern := range patterns {
		if len(pattern.Symbols) > 0 {
			spots = append(spots, find(pattern, read(text, pattern.View))...)
		}
	}
	slices.SortStableFunc(spots, func(a, b spot) int {
		if a.start != b.start {
			return a.start - b.start
		}
		if a.end != b.end {
			return b.end - a.end
		}
		return slices.Compare([]byte(a.secret), []byte(b.secret))
	})
	var out []byte
	covered := 0
	for _, s := range spots {
		if s.start >= covered {
			out = append(out, text[covered:s.start]...)
			out = append(out, "[redacted:"+s.secret+"]"...)
		}
		covered = max(covered, s.end)
	}
	return append(out, text[covered:]...)
}

func find(pattern redact.Pattern, symbols []seen) []spot {
	var spots []spot
	size := len(pattern.Symbols)
	for i := 0; i+size <= len(symbols); i++ {
		window := symbols[i : i+size]
		matches := true
		for k, each := range window {
			matches = matches && each.symbol == pattern.Symbols[k] && (k == 0 || !each.cut)
		}
		if matches {
			spots = append(spots, spot{start: window[0].start, end: window[size-1].end, secret: pattern.Secret})
		}
	}
	return spots
}

func read(text []byte, view redact.View) []seen {
	var symbols []seen
	for i := 0; i < len(text); {
		switch {
		case view == redact.URL && text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			symbol := value(text[i+1])<<4 | value(text[i+2])
			if symbol == '+' {
				symbol = ' '
			}
			symbols = append(symbols, seen{symbol: symbol, start: i, end: i + 3})
			i += 3
		case view == redact.Base64 && (text[i] == '\r' || text[i] == '\n'):
			ends := 0
			for i < len(text) && (text[i] == '\r' || text[i] == '\n') {
				i++
				ends++
			}
			if i < len(text) {
				symbols = append(symbols, seen{symbol: fold(text[i], view), start: i, end: i + 1, cut: ends > 2})
				i++
			}
		default:
			symbols = append(symbols, seen{symbol: fold(text[i], view), start: i, end: i + 1})
			i++
		}
	}
	return symbols
}

func fold(b byte, view redact.View) byte {
	switch {
	case view == redact.URL && b == '+':
		return ' '
	case view == redact.Base64 && b == '-':
		return '+'
	case view == redact.Base64 && b == '_':
		return '/'
	}
	return b
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

func value(b byte) byte {
	switch {
	case b <= '9':
		return b - '0'
	case b <= 'F':
		return b - 'A' + 10
	}
	return b - 'a' + 10
}
