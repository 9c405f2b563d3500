// Rights that are taken from processes.

package launch

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// rightsOf reads the sets of capabilities of a process, capabilities(7).
func rightsOf(t *testing.T, status string) map[string]uint64 {
	t.Helper()
	sets := map[string]uint64{}
	for line := range strings.Lines(status) {
		name, value, _ := strings.Cut(line, ":")
		if strings.HasPrefix(name, "Cap") {
			bits, err := strconv.ParseUint(strings.TrimSpace(value), 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			sets[name] = bits
		}
	}
	return sets
}

func TestChildrenOfAConfinedThreadHaveNoRightOverTheNetwork(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("an ordinary user has no rights that could be taken")
	}
	thread, err := startConfinedThread()
	if err != nil {
		t.Fatal(err)
	}
	defer close(thread.acts)
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	pid, err := thread.run(func() (int, error) {
		return syscall.ForkExec("/bin/cat", []string{"cat", "/proc/self/status"}, &syscall.ProcAttr{Files: []uintptr{0, writer.Fd(), 2}})
	})
	writer.Close()
	if err != nil {
		t.Fatal(err)
	}
	status := make([]byte, 64<<10)
	n, err := reader.Read(status)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := syscall.Wait4(pid, nil, 0, nil); err != nil {
		t.Fatal(err)
	}
	const taken = 1<<unix.CAP_NET_ADMIN | 1<<unix.CAP_NET_RAW
	for name, bits := range rightsOf(t, string(status[:n])) {
		if bits&taken != 0 {
			t.Errorf("%s: %x", name, bits)
		}
	}
	own, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	before, after := rightsOf(t, string(own)), rightsOf(t, string(status[:n]))
	if after["CapEff"] != before["CapEff"]&^taken {
		t.Errorf("%x of %x are left", after["CapEff"], before["CapEff"])
	}
}
