// The device's ends, without a device.

package network

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"
)

// fakeDevice is a socket of datagrams in place of a TUN device: one read and one
// write is one packet, too.
func fakeDevice(t *testing.T, mtu int) (*device, int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fds[0]), "device")
	raw, err := file.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		file.Close()
		unix.Close(fds[1])
	})
	return &device{file: file, raw: raw, mtu: mtu}, fds[1]
}

func TestABatchHoldsAllPacketsThatAreThere(t *testing.T) {
	made, kernel := fakeDevice(t, 1500)
	for _, packet := range []string{"first", "second", "third"} {
		if err := unix.Send(kernel, []byte(packet), 0); err != nil {
			t.Fatal(err)
		}
	}
	batch := make([]byte, batchBytes)
	size, err := made.readBatch(batch)
	if err != nil || string(batch[:size]) != "\x00\x00\x00\x05first\x00\x00\x00\x06second\x00\x00\x00\x05third" {
		t.Errorf("%q %v", batch[:size], err)
	}
}

func TestABatchEndsWhereNoPacketFits(t *testing.T) {
	made, kernel := fakeDevice(t, 100)
	for range 3 {
		if err := unix.Send(kernel, make([]byte, 100), 0); err != nil {
			t.Fatal(err)
		}
	}
	batch := make([]byte, 250)
	for _, want := range []int{208, 104} {
		if size, err := made.readBatch(batch); err != nil || size != want {
			t.Errorf("%d instead of %d, %v", size, want, err)
		}
	}
}

func FuzzWritePackets(f *testing.F) {
	const mtu = 1500
	f.Add([]byte{0, 0, 0, 1, 7, 0, 0, 0, 2, 8})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0, 0, 0, 0})
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		f.Fatal(err)
	}
	made := &device{file: null, mtu: mtu}
	f.Fuzz(func(t *testing.T, data []byte) {
		used, sane := made.writePackets(data)
		rest := data[used:]
		switch {
		case !sane && (len(rest) < lengthBytes || insideMTU(rest, mtu)):
			t.Error("given up in the middle")
		case sane && len(rest) >= lengthBytes && len(rest) >= lengthBytes+int(binary.BigEndian.Uint32(rest)):
			t.Error("a packet is left")
		}
	})
}

func insideMTU(rest []byte, mtu uint32) bool {
	size := binary.BigEndian.Uint32(rest)
	return size > 0 && size <= mtu
}

func TestPacketsReachTheDevice(t *testing.T) {
	made, kernel := fakeDevice(t, 1500)
	inner, outer := net.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		made.pumpIn(inner)
	}()
	for _, piece := range []string{"\x00\x00\x00", "\x03one\x00\x00\x00\x03t", "wo"} {
		if _, err := outer.Write([]byte(piece)); err != nil {
			t.Fatal(err)
		}
	}
	outer.Close()
	<-ended
	for _, want := range []string{"one", "two"} {
		buffer := make([]byte, 100)
		if n, _, err := unix.Recvfrom(kernel, buffer, 0); err != nil || string(buffer[:n]) != want {
			t.Errorf("%q %v", buffer[:max(n, 0)], err)
		}
	}
}

func TestALinkTellsEveryChange(t *testing.T) {
	l := newLink()
	expect := func(attached bool) <-chan struct{} {
		t.Helper()
		state, changed := l.state()
		if state != attached {
			t.Errorf("attached is %v", state)
		}
		return changed
	}
	changed := expect(false)
	first, _ := net.Pipe()
	l.replace(first)
	<-changed
	changed = expect(true)
	second, _ := net.Pipe()
	l.replace(second)
	<-changed
	if _, err := first.Write([]byte("x")); err == nil {
		t.Error("the replaced connection is open")
	}
	l.lost(first)
	changed = expect(true)
	l.lost(second)
	<-changed
	expect(false)
}

func TestResolversTakeThePlaceOfWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	path, victim := filepath.Join(dir, "resolv.conf"), filepath.Join(dir, "victim")
	if err := errors.Join(os.WriteFile(victim, []byte("kept"), 0o600), os.Symlink(victim, path)); err != nil {
		t.Fatal(err)
	}
	servers := []netip.Addr{netip.MustParseAddr("10.87.0.1"), netip.MustParseAddr("fd87::1")}
	if err := writeResolvers(path, servers); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(path); err != nil || string(content) != "nameserver 10.87.0.1\nnameserver fd87::1\n" {
		t.Errorf("%q %v", content, err)
	}
	if content, err := os.ReadFile(victim); err != nil || string(content) != "kept" {
		t.Errorf("%q %v", content, err)
	}
}

func TestTheHostsNetworkIsLeftAlone(t *testing.T) {
	service := NewService(Options{Confine: func() error { t.Error("confined"); return nil }})
	if _, err := service.Attach(context.Background(), connect.NewRequest(request())); connect.CodeOf(err) != connect.CodeFailedPrecondition {
		t.Error(err)
	}
}
