// Packets over a stream.

package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/iotest"
)

func framed(packets ...[]byte) []byte {
	var stream []byte
	for _, packet := range packets {
		stream = append(binary.BigEndian.AppendUint32(stream, uint32(len(packet))), packet...)
	}
	return stream
}

func TestReaderReturnsWholePackets(t *testing.T) {
	packets := [][]byte{{1}, bytes.Repeat([]byte{2}, MaxPacketBytes), {3, 4}, bytes.Repeat([]byte{5}, 9000)}
	for range 4 {
		packets = append(packets, packets...)
	}
	stream := framed(packets...)
	for name, source := range map[string]io.Reader{
		"at once":     bytes.NewReader(stream),
		"in halves":   iotest.HalfReader(bytes.NewReader(stream)),
		"with an end": iotest.DataErrReader(bytes.NewReader(stream)),
	} {
		reader := NewReader(source)
		for i, want := range packets {
			if got, err := reader.Next(); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s, packet %d: %d bytes, %v", name, i, len(got), err)
			}
		}
		if _, err := reader.Next(); err != io.EOF {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReaderRefusesWhatIsNoSequenceOfPackets(t *testing.T) {
	for name, stream := range map[string][]byte{
		"empty packet": framed([]byte{}),
		"too long":     binary.BigEndian.AppendUint32(nil, MaxPacketBytes+1),
		"huge":         {0xff, 0xff, 0xff, 0xff},
		"torn length":  {0, 0},
		"torn packet":  framed([]byte{1, 2, 3})[:5],
	} {
		if packet, err := NewReader(bytes.NewReader(stream)).Next(); err == nil || err == io.EOF {
			t.Errorf("%s: %v %v", name, packet, err)
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add(framed([]byte{1, 2}, []byte{3}), uint8(3))
	f.Add([]byte{0, 0, 0, 0}, uint8(1))
	f.Fuzz(func(t *testing.T, stream []byte, step uint8) {
		reader := NewReader(stutter{bytes.NewReader(stream), int(step)%7 + 1})
		var again []byte
		for {
			packet, err := reader.Next()
			if err != nil {
				break
			}
			if len(packet) == 0 || len(packet) > MaxPacketBytes {
				t.Fatal(len(packet))
			}
			again = append(again, framed(packet)...)
		}
		if !bytes.HasPrefix(stream, again) {
			t.Error("packets that were not sent")
		}
	})
}

// stutter reads few bytes at a time.
type stutter struct {
	io.Reader
	step int
}

func (s stutter) Read(p []byte) (int, error) { return s.Reader.Read(p[:min(len(p), s.step)]) }

func TestOutboxSendsInOrderAndReleasesOnce(t *testing.T) {
	inner, outer := net.Pipe()
	outbox := NewOutbox()
	var released atomic.Int32
	const count = 500
	for i := range count {
		outbox.Put(Packet{
			Pieces:  [][]byte{{byte(i >> 8)}, {byte(i)}},
			Release: func() { released.Add(1) },
		})
	}
	sent := make(chan error, 1)
	go func() { sent <- outbox.Send(outer) }()
	reader := NewReader(inner)
	for i := range count {
		packet, err := reader.Next()
		if err != nil || int(packet[0])<<8|int(packet[1]) != i {
			t.Fatal(i, packet, err)
		}
	}
	outbox.Close()
	if err := <-sent; err != nil || released.Load() != count {
		t.Error(err, released.Load())
	}
}

func TestOutboxIsBounded(t *testing.T) {
	outbox := NewOutbox()
	released := 0
	packet := func() Packet {
		return Packet{Pieces: [][]byte{make([]byte, MaxPacketBytes)}, Release: func() { released++ }}
	}
	taken := 0
	for outbox.Put(packet()) {
		taken++
	}
	if bytes := taken * MaxPacketBytes; bytes > outboxBytes || bytes < outboxBytes/2 || released != 1 {
		t.Error(taken, released)
	}
	outbox.Close()
	if released != taken+1 || outbox.Put(packet()) || released != taken+2 {
		t.Error(taken, released)
	}
	if outbox.Put(Packet{Pieces: [][]byte{make([]byte, MaxPacketBytes+1)}}) {
		t.Error("a packet that has no length")
	}
}

func TestSendFailsWithTheConnection(t *testing.T) {
	inner, outer := net.Pipe()
	inner.Close()
	outbox := NewOutbox()
	outbox.Put(Packet{Pieces: [][]byte{{1}}})
	if err := outbox.Send(outer); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}
