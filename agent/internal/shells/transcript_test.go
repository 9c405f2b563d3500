// The transcript and its cursors against a plain text of everything.

package shells

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTranscriptReadsWhatWasPrintedAtEveryCursor(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	kept := newTranscript()
	var whole []rune
	alphabet := []rune("ab\r\n☃𝄞é\ufffd")
	for range 120 {
		piece := make([]rune, random.IntN(40_000))
		for i := range piece {
			piece[i] = alphabet[random.IntN(len(alphabet))]
		}
		kept.append([]byte(string(piece)))
		whole = append(whole, piece...)
		if kept.total != uint64(len(whole)) {
			t.Fatalf("%d characters instead of %d", kept.total, len(whole))
		}
		if kept.bytes > transcriptBytes+segmentBytes {
			t.Fatalf("%d bytes are kept", kept.bytes)
		}
		cursor, limit := random.Uint64N(kept.total+1), random.IntN(70_000)
		from, text := kept.read(cursor, limit)
		if from != max(cursor, kept.first) || from > kept.total {
			t.Fatalf("read at %d: from %d, first is %d", cursor, from, kept.first)
		}
		want := string(whole[from:min(from+uint64(limit), uint64(len(whole)))])
		if text != want {
			t.Fatalf("read at %d of %d: %d characters instead of %d", cursor, kept.total, utf8.RuneCountInString(text), utf8.RuneCountInString(want))
		}
	}
	if kept.first == 0 {
		t.Error("nothing has been let go of")
	}
}

func TestTranscriptTellsOfMore(t *testing.T) {
	kept := newTranscript()
	_, _, changed := kept.state()
	kept.append(nil)
	select {
	case <-changed:
		t.Error("nothing is no change")
	default:
	}
	kept.append([]byte("x"))
	<-changed
}

func FuzzTextIsTheSameHoweverItIsSplit(f *testing.F) {
	f.Add([]byte("a☃\xff\xe2\x98"), uint8(2))
	f.Add([]byte("\xf0\x9d\x84\x9e\xf0\x9d"), uint8(1))
	f.Fuzz(func(t *testing.T, printed []byte, step uint8) {
		var whole, split decoder
		want := whole.finish(whole.decode(nil, printed))
		var got []byte
		size := max(int(step), 1)
		for rest := printed; len(rest) > 0; rest = rest[min(size, len(rest)):] {
			got = split.decode(got, rest[:min(size, len(rest))])
		}
		got = split.finish(got)
		if string(got) != string(want) || !utf8.Valid(got) {
			t.Errorf("%q in steps of %d: %q instead of %q", printed, size, got, want)
		}
		if utf8.Valid(printed) && string(got) != string(printed) {
			t.Errorf("%q became %q", printed, got)
		}
	})
}

func TestDecoderReplacesEachByteThatBelongsToNoCharacter(t *testing.T) {
	var d decoder
	for _, test := range []struct{ piece, text string }{
		{"plain\r\n", "plain\r\n"},
		{"\xe2\x98", ""},
		{"\x83!", "☃!"},
		{"\xe2(", "\ufffd("},
		{"\xff\xfe", "\ufffd\ufffd"},
		{"\xf0\x9d", ""},
		{"x", "\ufffd\ufffdx"},
	} {
		if got := string(d.decode(nil, []byte(test.piece))); got != test.text {
			t.Errorf("%q: %q instead of %q", test.piece, got, test.text)
		}
	}
	if got := string(d.finish(d.decode(nil, []byte(strings.Repeat("a", 3)+"\xe2")))); got != "aaa\ufffd" {
		t.Errorf("%q", got)
	}
}
