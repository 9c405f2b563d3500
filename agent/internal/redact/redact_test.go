package redact_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"pyro-mcp/agent/internal/redact"
)

func plain(secret, value string) redact.Pattern {
	return redact.Pattern{Secret: secret, View: redact.Plain, Symbols: []byte(value)}
}

func TestBytes(t *testing.T) {
	for name, test := range map[string]struct {
		patterns []redact.Pattern
		text     string
		want     string
	}{
		"a value": {
			[]redact.Pattern{plain("KEY", "hunter2")}, "the hunter2 key", "the [redacted:KEY] key",
		},
		"a value at both ends": {
			[]redact.Pattern{plain("KEY", "hunter2")}, "hunter2 or hunter2", "[redacted:KEY] or [redacted:KEY]",
		},
		"values side by side": {
			[]redact.Pattern{plain("A", "aaaaab"), plain("B", "bccccc")}, "aaaaabbccccc", "[redacted:A][redacted:B]",
		},
		"values that overlap": {
			[]redact.Pattern{plain("A", "aaaaab"), plain("B", "bccccc")}, ".aaaaabccccc.", ".[redacted:A].",
		},
		"a value within another": {
			[]redact.Pattern{plain("LONG", "one-two-three"), plain("SHORT", "two-three")},
			"one-two-three two-three", "[redacted:LONG] [redacted:SHORT]",
		},
		"a value that repeats itself": {
			[]redact.Pattern{plain("KEY", "ababab")}, "xabababababx", "x[redacted:KEY]x",
		},
		"a beginning of a value": {
			[]redact.Pattern{plain("KEY", "hunter2")}, "the hunter", "the hunter",
		},
		"a URL, in either case of its digits": {
			[]redact.Pattern{{Secret: "KEY", View: redact.URL, Symbols: []byte("a b/cé")}},
			"?k=a%20b%2fc%C3%A9&l=a+b%2Fc%c3%a9", "?k=[redacted:KEY]&l=[redacted:KEY]",
		},
		"a percent sign that is no escape": {
			[]redact.Pattern{{Secret: "KEY", View: redact.URL, Symbols: []byte("100%zz")}},
			"100%zz 100%25zz 100%2", "[redacted:KEY] [redacted:KEY] 100%2",
		},
		"base64 of either alphabet, broken into lines": {
			[]redact.Pattern{{Secret: "KEY", View: redact.Base64, Symbols: []byte("ab+/cd")}},
			"xab+/cd ab-_cd\nab+\n/cd ab\r\n+/cd ab\n\n\n+/cd",
			"x[redacted:KEY] [redacted:KEY]\n[redacted:KEY] [redacted:KEY] ab\n\n\n+/cd",
		},
		"no pattern": {nil, "hunter2", "hunter2"},
	} {
		t.Run(name, func(t *testing.T) {
			set := redact.Compile(test.patterns)
			if got := set.Bytes([]byte(test.text)); string(got) != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestQuietShowsWhatIsHardlyASecret(t *testing.T) {
	stream := redact.Compile([]redact.Pattern{plain("KEY", "> hunter2")}).Stream()
	var shown []byte
	shown = append(shown, stream.Write([]byte("name> "))...)
	if string(shown) != "name" {
		t.Fatalf("shown before it is quiet: %q", shown)
	}
	shown = append(shown, stream.Quiet()...)
	if string(shown) != "name> " {
		t.Fatalf("shown when it is quiet: %q", shown)
	}
	shown = append(shown, stream.Write([]byte("hunt"))...)
	shown = append(shown, stream.Quiet()...)
	shown = append(shown, stream.Write([]byte("er2 bye"))...)
	shown = append(shown, stream.End()...)
	if string(shown) != "name> [redacted:KEY] bye" {
		t.Fatalf("shown at the end: %q", shown)
	}
}

func TestWholeSecretIsNotHeldBack(t *testing.T) {
	stream := redact.Compile([]redact.Pattern{plain("KEY", "hunter2")}).Stream()
	if shown := stream.Write([]byte("hunter2")); string(shown) != "[redacted:KEY]" {
		t.Fatalf("shown at once: %q", shown)
	}
}

// Small alphabets make overlaps, repetitions and near misses likely.
func TestAnyChunkingGivesTheSame(t *testing.T) {
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 1))
		patterns := randomPatterns(random)
		text := randomText(random, 200)
		checkChunking(t, patterns, text, random)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("a%2Bb+c\r\n_d"), []byte("a+b c/d"), uint64(1))
	f.Fuzz(func(t *testing.T, text, symbols []byte, seed uint64) {
		random := rand.New(rand.NewPCG(seed, 2))
		patterns := []redact.Pattern{
			{Secret: "P", View: redact.Plain, Symbols: symbols},
			{Secret: "U", View: redact.URL, Symbols: bytes.ReplaceAll(symbols, []byte("+"), []byte(" "))},
			{Secret: "B", View: redact.Base64, Symbols: symbols},
		}
		checkChunking(t, patterns, text, random)
	})
}

func checkChunking(t *testing.T, patterns []redact.Pattern, text []byte, random *rand.Rand) {
	set := redact.Compile(patterns)
	whole := set.Bytes(bytes.Clone(text))
	if want := redactSlowly(patterns, text); !bytes.Equal(whole, want) {
		t.Errorf("text %q, patterns %v:\ngot  %q\nwant %q", text, patterns, whole, want)
		return
	}
	stream := set.Stream()
	var shown []byte
	for rest := bytes.Clone(text); len(rest) > 0; {
		size := min(len(rest), 1+random.IntN(8))
		chunk := bytes.Clone(rest[:size])
		shown = append(shown, stream.Write(chunk)...)
		// What was returned is the caller's no longer: a reused buffer must not change what is held.
		for i := range chunk {
			chunk[i] = '!'
		}
		rest = rest[size:]
	}
	shown = append(shown, stream.End()...)
	if !bytes.Equal(shown, whole) {
		t.Errorf("text %q, patterns %v:\nin chunks %q\nwhole     %q", text, patterns, shown, whole)
	}
}

func randomPatterns(random *rand.Rand) []redact.Pattern {
	var patterns []redact.Pattern
	for i := range 1 + random.IntN(5) {
		view := redact.View(random.IntN(3))
		patterns = append(patterns, redact.Pattern{
			Secret:  fmt.Sprintf("S%d", i),
			View:    view,
			Symbols: randomSymbols(random, view),
		})
	}
	return patterns
}

func randomSymbols(random *rand.Rand, view redact.View) []byte {
	alphabet := map[redact.View]string{redact.Plain: "ab4%\n", redact.URL: "ab4% J", redact.Base64: "ab4+/"}[view]
	symbols := make([]byte, 1+random.IntN(7))
	for i := range symbols {
		symbols[i] = alphabet[random.IntN(len(alphabet))]
	}
	return symbols
}

func randomText(random *rand.Rand, size int) []byte {
	const alphabet = "aaabbb44%%+-_/\r\n\n "
	text := make([]byte, random.IntN(size))
	for i := range text {
		text[i] = alphabet[random.IntN(len(alphabet))]
	}
	return text
}
