// The device eth0: packets of the guest's kernel, read and written one by one.

package network

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	deviceName = "eth0"
	devicePath = "/dev/net/tun"
	// lengthBytes precede every packet on the connection, big-endian.
	lengthBytes = 4
	// batchBytes hold several packets of the largest size: a system call is dear
	// in a guest, so one of them carries as many packets as are there.
	batchBytes = 512 << 10
)

type device struct {
	file *os.File
	raw  syscall.RawConn
	mtu  int
}

// openDevice makes eth0 and gives it addresses and routes. It is open as long
// as the agent lives.
func openDevice(settings settings) (*device, error) {
	if err := ensureDeviceNode(); err != nil {
		return nil, fmt.Errorf("%s: %w", devicePath, err)
	}
	fd, err := unix.Open(devicePath, unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", devicePath, err)
	}
	file := os.NewFile(uintptr(fd), devicePath)
	made, err := setUp(file, fd, settings)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", deviceName, err)
	}
	return made, nil
}

func setUp(file *os.File, fd int, settings settings) (*device, error) {
	request, err := unix.NewIfreq(deviceName)
	if err != nil {
		return nil, err
	}
	request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
	if err := unix.IoctlIfreq(fd, unix.TUNSETIFF, request); err != nil {
		return nil, err
	}
	if err := configure(deviceName, settings); err != nil {
		return nil, err
	}
	raw, err := file.SyscallConn()
	if err != nil {
		return nil, err
	}
	return &device{file: file, raw: raw, mtu: settings.mtu}, nil
}

// ensureDeviceNode makes the node where the guest's /dev lacks it; the numbers
// are those of Linux, Documentation/admin-guide/devices.txt.
func ensureDeviceNode() error {
	if _, err := os.Stat(devicePath); err == nil || !os.IsNotExist(err) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(devicePath), 0o755); err != nil {
		return err
	}
	return unix.Mknod(devicePath, unix.S_IFCHR|0o600, int(unix.Mkdev(10, 200)))
}

// pumpOut sends the guest's packets, in batches, to whatever stack is
// connected; without one they are dropped, as a cable that is not plugged in
// does. It returns when the device is gone.
func (d *device) pumpOut(out *link) {
	batch := make([]byte, batchBytes)
	for {
		size, err := d.readBatch(batch)
		if err != nil {
			return
		}
		conn := out.current()
		if conn == nil {
			continue
		}
		if _, err := conn.Write(batch[:size]); err != nil {
			out.lost(conn)
		}
	}
}

// readBatch waits for a packet, then takes all that are there, each with its
// length before it.
func (d *device) readBatch(batch []byte) (size int, err error) {
	waitErr := d.raw.Read(func(fd uintptr) bool {
		for size+lengthBytes+d.mtu <= len(batch) {
			var n int
			n, err = unix.Read(int(fd), batch[size+lengthBytes:size+lengthBytes+d.mtu])
			if err == unix.EINTR {
				continue
			}
			if err != nil || n == 0 {
				break
			}
			binary.BigEndian.PutUint32(batch[size:], uint32(n))
			size += lengthBytes + n
		}
		if err == unix.EAGAIN {
			err = nil
			return size > 0
		}
		return true
	})
	if waitErr != nil {
		return 0, waitErr
	}
	return size, err
}

// pumpIn gives the guest's kernel what conn brings. It returns when conn has
// ended, or does not speak in packets.
func (d *device) pumpIn(conn net.Conn) {
	buffer := make([]byte, batchBytes)
	filled := 0
	for {
		n, err := conn.Read(buffer[filled:])
		if err != nil {
			return
		}
		filled += n
		used, sane := d.writePackets(buffer[:filled])
		if !sane {
			return
		}
		filled = copy(buffer, buffer[used:filled])
	}
}

// writePackets writes the whole packets at the front of data and tells how many
// bytes they took.
func (d *device) writePackets(data []byte) (used int, sane bool) {
	for len(data)-used >= lengthBytes {
		size := int(binary.BigEndian.Uint32(data[used:]))
		if size == 0 || size > d.mtu {
			return used, false
		}
		if len(data)-used < lengthBytes+size {
			break
		}
		used += lengthBytes
		// A packet that the kernel refuses is lost, as on any network.
		_, _ = d.file.Write(data[used : used+size])
		used += size
	}
	return used, true
}
