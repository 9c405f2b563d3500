// The program as its caller sees it: a process, lines in, lines out.

package command

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// actAs makes a copy of the test's own program be the real one.
const actAs = "PYRO_HELPER_TEST_ACTION"

func TestMain(m *testing.M) {
	if name := os.Getenv(actAs); name != "" {
		os.Exit(Run([]string{name}))
	}
	os.Exit(m.Run())
}

type event map[string]any

// program is a running one.
type program struct {
	t       testing.TB
	command *exec.Cmd
	stdin   io.WriteCloser
	lines   *bufio.Scanner
	// output is every line so far.
	output string
	// peakBytes is the most memory that was seen.
	peakBytes int64
}

// start starts the program and sends it a request.
func start(t testing.TB, name string, request map[string]any, environment ...string) *program {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), actAs + "=" + name}, environment...)
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	must(t, err)
	stdout, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	line, err := json.Marshal(request)
	must(t, err)
	_, err = fmt.Fprintf(stdin, "%s\n", line)
	must(t, err)
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	return &program{t: t, command: command, stdin: stdin, lines: lines}
}

// next is the next event, nil at the end.
func (p *program) next() event {
	p.t.Helper()
	if !p.lines.Scan() {
		must(p.t, p.lines.Err())
		return nil
	}
	p.output += p.lines.Text() + "\n"
	p.lookAtMemory()
	var read event
	must(p.t, json.Unmarshal(p.lines.Bytes(), &read))
	return read
}

// until reads events up to the first of the phase.
func (p *program) until(phase string) {
	p.t.Helper()
	for {
		read := p.next()
		if read == nil {
			p.t.Fatalf("ended before it came to %s:\n%s", phase, p.output)
		}
		if read["phase"] == phase && read["done_bytes"] != 0.0 {
			return
		}
	}
}

// end waits for the last event, and the exit code.
func (p *program) end() (event, int) {
	p.t.Helper()
	var last event
	for read := p.next(); read != nil; read = p.next() {
		last = read
	}
	_ = p.command.Wait()
	return last, p.command.ProcessState.ExitCode()
}

// lookAtMemory is asked at each line: a process that has ended tells no more, and
// what wait(2) says holds the memory of this one, which it began in.
func (p *program) lookAtMemory() {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return
	}
	if _, rest, found := strings.Cut(string(status), "VmHWM:"); found {
		var kib int64
		if _, err := fmt.Sscan(rest, &kib); err == nil {
			p.peakBytes = max(p.peakBytes, kib<<10)
		}
	}
}

func pullRequest(t testing.TB, reference string) map[string]any {
	t.Helper()
	base := t.TempDir()
	must(t, os.Mkdir(filepath.Join(base, "rootfs"), 0o755))
	return map[string]any{
		"reference": reference, "rootfs_dir": filepath.Join(base, "rootfs"), "blobs_dir": filepath.Join(base, "blobs"),
		"mount_points": []map[string]any{{"path": "/run/pyro", "kind": "directory", "mode": 0o700}},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
