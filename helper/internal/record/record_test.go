// The record's file, its floods and its bounds.

package record

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func read(t *testing.T, path string) (lines []Line) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for text := range strings.Lines(string(content)) {
		var line Line
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		lines = append(lines, line)
	}
	return lines
}

func open(t *testing.T) (*Recorder, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "record")
	recorder, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return recorder, path
}

func refusal(target string) Line {
	line := To("tcp", netip.MustParseAddrPort(target))
	line.Verdict, line.Reason = Refused, "loopback"
	return line
}

func TestAConnectionHasTwoLinesWithOneID(t *testing.T) {
	recorder, path := open(t)
	line := To("tcp", netip.MustParseAddrPort("203.0.113.2:80"))
	line.Name = "example.org"
	first := recorder.Start(line)
	second := recorder.Start(line)
	second.End(1, 2, "")
	first.End(3, 4, "reset by the guest")
	recorder.Close()
	lines := read(t, path)
	if len(lines) != 4 || !lines[0].Open || lines[2].Open || lines[0].ID == lines[1].ID || lines[3].ID != lines[0].ID {
		t.Fatal(lines)
	}
	last := lines[3]
	if last.Name != "example.org" || last.Address != "203.0.113.2" || last.Port != 80 || last.BytesSent != 3 ||
		last.BytesReceived != 4 || last.Verdict != Allowed || last.Reason != "reset by the guest" || last.At == "" {
		t.Error(last)
	}
}

func TestEqualLinesAreCounted(t *testing.T) {
	recorder, path := open(t)
	for range 1000 {
		recorder.Note(refusal("127.0.0.1:1"))
	}
	recorder.Note(refusal("127.0.0.1:2"))
	recorder.Close()
	lines := read(t, path)
	if len(lines) != 3 || lines[0].Count != 0 || lines[1].Port != 2 || lines[2].Port != 1 || lines[2].Count != 999 {
		t.Error(lines)
	}
}

func TestAScanIsCountedAsOne(t *testing.T) {
	recorder, path := open(t)
	const ports = 60000
	for port := range ports {
		recorder.Note(refusal(fmt.Sprintf("127.0.0.1:%d", port+1)))
	}
	recorder.Close()
	lines := read(t, path)
	total := uint64(0)
	for _, line := range lines {
		total += max(line.Count, 1)
	}
	last := lines[len(lines)-1]
	if len(lines) != maxKinds+1 || total != ports || last.Address != "" || last.Port != 0 || last.Reason != "loopback" {
		t.Error(len(lines), total, last)
	}
}

func TestTheFileIsTurnedOver(t *testing.T) {
	recorder, path := open(t)
	line := To("tcp", netip.MustParseAddrPort("203.0.113.2:80"))
	line.Name = strings.Repeat("n", 250)
	var ids []string
	for range 20_000 {
		connection := recorder.Start(line)
		ids = append(ids, connection.line.ID)
	}
	recorder.Close()
	for _, each := range []string{path, path + ".1"} {
		if info, err := os.Stat(each); err != nil || info.Size() > maxFileBytes || info.Mode().Perm() != 0o600 {
			t.Error(each, info, err)
		}
	}
	lines := append(read(t, path+".1"), read(t, path)...)
	for i, line := range lines {
		if want := ids[len(ids)-len(lines)+i]; line.ID != want {
			t.Fatalf("line %d has %s instead of %s", i, line.ID, want)
		}
	}
}

func TestANewRecorderGoesOn(t *testing.T) {
	recorder, path := open(t)
	recorder.Note(refusal("127.0.0.1:1"))
	recorder.Close()
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	again.Note(refusal("127.0.0.1:2"))
	again.Close()
	if lines := read(t, path); len(lines) != 2 || lines[1].Port != 2 {
		t.Error(lines)
	}
}

func TestLinesThatAreLostAreCounted(t *testing.T) {
	recorder, path := open(t)
	sound := recorder.file.current
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	recorder.file.current = full
	recorder.Note(refusal("127.0.0.1:1"))
	recorder.Note(refusal("127.0.0.1:2"))
	recorder.file.current = sound
	recorder.Note(refusal("127.0.0.1:3"))
	recorder.Close()
	if lines := read(t, path); len(lines) != 2 || lines[0].Protocol != "record" || lines[0].Count != 2 || lines[1].Port != 3 {
		t.Error(lines)
	}
}

func TestALinkIsNotFollowed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record")
	if err := os.Symlink("/dev/null", path); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil {
		t.Error("opened")
	}
}

func TestNoRecordIsKept(t *testing.T) {
	recorder, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	recorder.Note(refusal("127.0.0.1:1"))
	recorder.Start(refusal("127.0.0.1:1")).End(0, 0, "")
	if err := recorder.Close(); err != nil {
		t.Error(err)
	}
}
