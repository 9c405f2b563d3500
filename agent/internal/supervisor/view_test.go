// What of a log can be read.

package supervisor

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// readFrom reads a view to its end.
func readFrom(t *testing.T, v *logView, offset int64) string {
	t.Helper()
	var text []byte
	buffer := make([]byte, 1000)
	for {
		n, err := v.readAt(buffer, offset)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return string(text)
		}
		text = append(text, buffer[:n]...)
		offset += int64(n)
	}
}

func TestALogKeepsItsEndInBoundedSpace(t *testing.T) {
	root := t.TempDir()
	log, err := openLog(root, "flood")
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	for i := 0; written.Len() < 5*segmentBytes; i++ {
		line := []byte(strings.Repeat("x", 1000+i%70) + "\n")
		log.write(stdoutStream, line)
		written.Write(line)
	}
	view, _, _, err := log.view(stdoutStream)
	if err != nil {
		t.Fatal(err)
	}
	defer view.close()
	if size := view.size(); size > 2*segmentBytes || size < segmentBytes {
		t.Errorf("%d bytes are kept", size)
	}
	if view.total != int64(written.Len()) {
		t.Errorf("%d bytes are counted of %d", view.total, written.Len())
	}
	if kept := readFrom(t, view, 0); !strings.HasSuffix(written.String(), kept) {
		t.Error("what is kept is not the end of what was written")
	}
	start, err := view.tail(1000)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(readFrom(t, view, start), "\n"); lines != 1000 {
		t.Errorf("%d lines", lines)
	}
	log.close()
}

func TestTail(t *testing.T) {
	for name, test := range map[string]struct {
		former, current string
		lines           uint32
		want            string
	}{
		"all":                 {"a\n", "b\n", 0, "a\nb\n"},
		"across both files":   {"a\nb\n", "c\n", 2, "b\nc\n"},
		"a line in both":      {"a\nb", "c\nd\n", 2, "bc\nd\n"},
		"not closed":          {"", "a\nb", 1, "b"},
		"more than there are": {"", "a\nb\n", 9, "a\nb\n"},
		"empty lines":         {"", "\n\n\n", 2, "\n\n"},
		"nothing":             {"", "", 3, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for path, text := range map[string]string{formerPath(dir, stdoutStream): test.former, currentPath(dir, stdoutStream): test.current} {
				if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			view, err := openView(dir, stdoutStream)
			if err != nil {
				t.Fatal(err)
			}
			defer view.close()
			start, err := view.tail(test.lines)
			if got := readFrom(t, view, start); err != nil || got != test.want {
				t.Errorf("%q %v", got, err)
			}
		})
	}
}

func TestALogThatIsNoFileIsNotWaitedFor(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/dev/zero", currentPath(dir, stdoutStream)); err != nil {
		t.Fatal(err)
	}
	if _, err := openView(dir, stdoutStream); err == nil {
		t.Error("a link was followed")
	}
	if err := os.Remove(currentPath(dir, stdoutStream)); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(currentPath(dir, stdoutStream), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := openView(dir, stdoutStream); err == nil {
		t.Error("a directory was opened")
	}
}
