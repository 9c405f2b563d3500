// The program's life, as a process of its own: this test's executable is the
// program when it is told so.

package network

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pyro-mcp/helper/internal/record"
)

const beTheProgram = "PYRO_TEST_BE_THE_PROGRAM"

// patience bounds every wait of a test for something that must come.
const patience = 10 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv(beTheProgram) != "" {
		os.Exit(Run())
	}
	os.Exit(m.Run())
}

var token = [tokenBytes]byte{1, 2, 3}

type program struct {
	t      *testing.T
	socket string
	record string
	cmd    *exec.Cmd
	// ended delivers the end of the process.
	ended  chan error
	stdout *bufio.Reader
}

func start(t *testing.T, socket, recordPath string) *program {
	t.Helper()
	input, err := json.Marshal(map[string]any{"socket": socket, "token": hex.EncodeToString(token[:]), "record": recordPath, "allow": []string{"10.0.0.0/8"}})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), beTheProgram+"=1")
	cmd.Stderr = os.Stderr
	cmd.Stdin = strings.NewReader(string(input) + "\n")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &program{t: t, socket: socket, record: recordPath, cmd: cmd, ended: make(chan error, 1), stdout: bufio.NewReader(stdout)}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return p
}

// startReady waits for the word that it is ready.
func startReady(t *testing.T) *program {
	t.Helper()
	dir := t.TempDir()
	p := start(t, filepath.Join(dir, "s"), filepath.Join(dir, "record"))
	var line ready
	if text := p.read(); json.Unmarshal([]byte(text), &line) != nil || !line.Ready || line.PID != p.cmd.Process.Pid {
		t.Fatalf("it said %q", text)
	}
	return p
}

// read returns all that it says.
func (p *program) read() string {
	p.t.Helper()
	text, err := io.ReadAll(p.stdout)
	if err != nil {
		p.t.Fatal(err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	return string(text)
}

func (p *program) dial(proof []byte) net.Conn {
	p.t.Helper()
	conn, err := net.Dial("unix", p.socket)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	if _, err := conn.Write(proof); err != nil {
		p.t.Fatal(err)
	}
	return conn
}

func (p *program) await() error {
	p.t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(patience):
		p.t.Fatal("it lives on")
		return nil
	}
}

// ping sends an echo request to the gateway and waits for the reply: then the
// connection is the agent's.
func ping(t *testing.T, conn net.Conn) {
	t.Helper()
	request := []byte{
		0, 0, 0, 28,
		0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0x66, 0x31, 10, 87, 0, 2, 10, 87, 0, 1,
		8, 0, 0xf7, 0xff, 0, 0, 0, 0,
	}
	if _, err := conn.Write(request); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, len(request))); err != nil {
		t.Fatal(err)
	}
}

func TestItLivesAsLongAsItsAgent(t *testing.T) {
	p := startReady(t)
	conn := p.dial(token[:])
	ping(t, conn)
	if _, err := os.Lstat(p.socket); !os.IsNotExist(err) {
		t.Error("the socket is still there")
	}
	conn.Close()
	if err := p.await(); err != nil {
		t.Error(err)
	}
}

func TestStrangersAreTurnedAway(t *testing.T) {
	p := startReady(t)
	wrong := p.dial(make([]byte, tokenBytes))
	_ = p.dial(token[:4])
	if _, err := wrong.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("%v instead of an end", err)
	}
	ping(t, p.dial(token[:]))
}

func TestAnAgentThatDoesNotSpeakInPacketsEndsIt(t *testing.T) {
	p := startReady(t)
	conn := p.dial(append(token[:], 0xff, 0xff, 0xff, 0xff))
	if err := p.await(); err == nil {
		t.Error("a clean end")
	}
	conn.Close()
}

func TestATermEndsItAndTheRecordIsWhole(t *testing.T) {
	p := startReady(t)
	conn := p.dial(token[:])
	ping(t, conn)
	// An attempt to reach loopback, and its reset.
	attempt := []byte{
		0, 0, 0, 40,
		0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0xf1, 0x76, 10, 87, 0, 2, 127, 0, 0, 1,
		0x10, 0, 0, 22, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0,
	}
	for range 3 {
		if _, err := conn.Write(attempt); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, make([]byte, len(attempt))); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.cmd.Process.Signal(unix.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.await(); err != nil {
		t.Error(err)
	}
	content, err := os.ReadFile(p.record)
	if err != nil {
		t.Fatal(err)
	}
	count := uint64(0)
	for text := range strings.Lines(string(content)) {
		var line record.Line
		if err := json.Unmarshal([]byte(text), &line); err != nil || line.Reason != "loopback" || line.Verdict != record.Refused {
			t.Errorf("%q: %v", text, err)
		}
		count += max(line.Count, 1)
	}
	if count != 3 {
		t.Errorf("%d refusals in %q", count, content)
	}
}

func TestItGivesUpItsRights(t *testing.T) {
	p := startReady(t)
	ping(t, p.dial(token[:]))
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid), "status"))
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]string{}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		fields[name] = strings.TrimSpace(value)
	}
	for name, want := range map[string]string{
		"NoNewPrivs": "1", "Seccomp": "2",
		"CapPrm": "0000000000000000", "CapEff": "0000000000000000", "CapAmb": "0000000000000000",
	} {
		if fields[name] != want {
			t.Errorf("%s: %s", name, fields[name])
		}
	}
	if os.Geteuid() == 0 {
		const nobodys = "65534\t65534\t65534\t65534"
		if fields["Uid"] != nobodys || fields["Gid"] != nobodys || fields["Groups"] != "" {
			t.Errorf("uid %s, gid %s, groups %s", fields["Uid"], fields["Gid"], fields["Groups"])
		}
	}
}

func TestItTakesThePlaceOfASocketThatWasLeft(t *testing.T) {
	dir := t.TempDir()
	socket := filepath.Join(dir, "s")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	left.Close()
	p := start(t, socket, "")
	if text := p.read(); !strings.Contains(text, `"ready":true`) {
		t.Fatal(text)
	}
	ping(t, p.dial(token[:]))
}

func TestItSaysWhyItDoesNotStart(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*program{
		start(t, filepath.Join(dir, strings.Repeat("s", 120)), ""),
		start(t, filepath.Join(dir, "none", "s"), ""),
		start(t, file, ""),
		start(t, filepath.Join(dir, "s"), filepath.Join(dir, "none", "record")),
		start(t, "relative", ""),
	} {
		var line failure
		if text := p.read(); json.Unmarshal([]byte(text), &line) != nil || line.Error == "" {
			t.Errorf("it said %q", text)
		}
		if p.await() == nil {
			t.Error("a clean end")
		}
	}
	if _, err := os.Stat(file); err != nil {
		t.Error("a file that was there is gone")
	}
}
