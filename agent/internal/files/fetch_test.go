// Contents that are fetched.

package files

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"os"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// fetched is one entry with what came for it.
type fetched struct {
	entry   *agentv1.Entry
	content []byte
	// pieces counts the messages with data, bytes what they had.
	pieces, bytes int
	end           *agentv1.FileEnd
}

func (g *guest) fetch(t testing.TB, request *agentv1.FetchRequest, paths ...string) ([]*fetched, error) {
	t.Helper()
	request.Root = workspace
	for _, path := range paths {
		request.Paths = append(request.Paths, []byte(path))
	}
	stream, err := g.client.Fetch(t.Context(), connect.NewRequest(request))
	must(t, err)
	defer stream.Close()
	var all []*fetched
	for stream.Receive() {
		for _, item := range stream.Msg().GetItems() {
			if entry := item.GetEntry(); entry != nil {
				all = append(all, &fetched{entry: entry, content: make([]byte, min(entry.GetSize(), 64<<20))})
				continue
			}
			last := all[len(all)-1]
			if data := item.GetData(); data != nil {
				copy(last.content[data.GetOffset():], data.GetBytes())
				last.pieces++
				last.bytes += len(data.GetBytes())
			}
			if end := item.GetEnd(); end != nil {
				last.end = end
			}
		}
	}
	return all, stream.Err()
}

func (g *guest) mustFetch(t testing.TB, request *agentv1.FetchRequest, paths ...string) []*fetched {
	t.Helper()
	all, err := g.fetch(t, request, paths...)
	must(t, err)
	return all
}

func TestFetchSendsWhatWasAskedForInOrder(t *testing.T) {
	g := newGuest(t)
	large := make([]byte, 3*pieceBytes+5)
	_, _ = rand.Read(large)
	g.put(t, "large", string(large))
	g.put(t, "a/small", "small")
	g.put(t, "empty", "")
	must(t, os.Symlink("large", g.path("link")))
	all := g.mustFetch(t, &agentv1.FetchRequest{}, "large", "none", "link", "a/small", "a", "empty", "large")
	var paths []string
	for _, each := range all {
		paths = append(paths, string(each.entry.GetPath()))
	}
	expectPaths(t, paths, "large", "none", "link", "a/small", "a", "empty", "large")
	for _, i := range []int{0, 6} {
		if !bytes.Equal(all[i].content, large) || all[i].end.GetProblem() != "" || len(all[i].end.GetSha256()) != 0 {
			t.Errorf("large: %v", all[i].end)
		}
	}
	if all[1].entry.GetMode() != 0 || all[1].end != nil {
		t.Errorf("none: %v", all[1])
	}
	if string(all[2].entry.GetLinkTarget()) != "large" || all[2].end != nil {
		t.Errorf("link: %v", all[2])
	}
	if string(all[3].content) != "small" || all[4].end != nil || all[5].end == nil {
		t.Errorf("%v", all[3:])
	}
}

func TestFetchGoesBelowDirectories(t *testing.T) {
	g := newGuest(t)
	g.put(t, "a/b/one", "1")
	g.put(t, "a-b/two", "2")
	g.put(t, "a/three", "3")
	must(t, os.Symlink("b", g.path("a/link")))
	var got []string
	for _, each := range g.mustFetch(t, &agentv1.FetchRequest{Recursive: true}, "", "a/three", "a/link") {
		got = append(got, string(each.entry.GetPath())+"="+string(each.content))
	}
	expectPaths(t, got, "=", "a=", "a-b=", "a-b/two=2", "a/b=", "a/b/one=1", "a/link=", "a/three=3", "a/three=3", "a/link=")
}

func TestFetchMakesDigests(t *testing.T) {
	g := newGuest(t)
	contents := []string{"", "x", strings.Repeat("y", pieceBytes), strings.Repeat("z", pieceBytes+1), strings.Repeat("\x00", 3*pieceBytes)}
	for _, content := range contents {
		g.put(t, "file", content)
		file := g.mustFetch(t, &agentv1.FetchRequest{Digest: true}, "file")[0]
		if want := sha256.Sum256([]byte(content)); !bytes.Equal(file.end.GetSha256(), want[:]) || string(file.content) != content {
			t.Errorf("%d bytes: %v", len(content), file.end)
		}
	}
}

func TestOfALargerFileOnlyTheDigestIsSent(t *testing.T) {
	g := newGuest(t)
	g.put(t, "file", "0123456789")
	file := g.mustFetch(t, &agentv1.FetchRequest{MaxFileBytes: 9}, "file")[0]
	if want := sha256.Sum256([]byte("0123456789")); file.pieces != 0 || !bytes.Equal(file.end.GetSha256(), want[:]) {
		t.Errorf("%d pieces, %v", file.pieces, file.end)
	}
	if file = g.mustFetch(t, &agentv1.FetchRequest{MaxFileBytes: 10}, "file")[0]; file.pieces != 1 || len(file.end.GetSha256()) != 0 {
		t.Errorf("%d pieces, %v", file.pieces, file.end)
	}
}

func TestHolesAreNotSent(t *testing.T) {
	g := newGuest(t)
	file, err := os.Create(g.path("sparse"))
	must(t, err)
	defer file.Close()
	const end = 20 << 20
	for offset, text := range map[int64]string{0: "begin", 10<<20 + 7: "middle"} {
		_, err = file.WriteAt([]byte(text), offset)
		must(t, err)
	}
	must(t, file.Truncate(end))
	got := g.mustFetch(t, &agentv1.FetchRequest{Digest: true}, "sparse")[0]
	want, err := os.ReadFile(g.path("sparse"))
	must(t, err)
	digest := sha256.Sum256(want)
	if !bytes.Equal(got.content, want) || !bytes.Equal(got.end.GetSha256(), digest[:]) || got.bytes > 1<<20 {
		t.Errorf("%d bytes in %d pieces, %v", got.bytes, got.pieces, got.end)
	}
}

func TestAGiantHoleCostsNothing(t *testing.T) {
	g := newGuest(t)
	g.put(t, "giant", "x")
	must(t, os.Truncate(g.path("giant"), 1<<42))
	file := g.mustFetch(t, &agentv1.FetchRequest{}, "giant")[0]
	if file.entry.GetSize() != 1<<42 || file.end.GetProblem() != "" || file.bytes > 1<<20 {
		t.Errorf("%d bytes, %v", file.bytes, file.end)
	}
}

func TestWhatIsNoFileIsNotOpened(t *testing.T) {
	g := newGuest(t)
	must(t, unix.Mkfifo(g.path("fifo"), 0o644))
	all := g.mustFetch(t, &agentv1.FetchRequest{Recursive: true, Digest: true}, "")
	if len(all) != 2 || all[1].end != nil {
		t.Errorf("%v", all)
	}
}

func TestAFileThatCannotBeReadHasAProblem(t *testing.T) {
	g := newGuest(t)
	g.put(t, "file", "12345")
	root, err := g.service.openRoot(workspace)
	must(t, err)
	defer root.close()
	for name, act := range map[string]func() error{
		"gone":    func() error { return os.Remove(g.path("file")) },
		"shorter": func() error { return os.Truncate(g.path("file"), 4) },
		"longer":  func() error { return os.Truncate(g.path("file"), 6) },
		"a fifo": func() error {
			must(t, os.Remove(g.path("file")))
			return unix.Mkfifo(g.path("file"), 0o644)
		},
		"a link": func() error {
			must(t, os.Remove(g.path("file")))
			return os.Symlink("other", g.path("file"))
		},
	} {
		must(t, os.RemoveAll(g.path("file")))
		g.put(t, "file", "12345")
		g.put(t, "other", "12345")
		entry, err := describe("file", root.fd, "file")
		must(t, err)
		must(t, act())
		f := &fetch{ctx: t.Context(), request: &agentv1.FetchRequest{}, send: newItemSender(nil)}
		end, err := f.content(root.fd, "file", entry)
		must(t, err)
		if end.GetProblem() == "" {
			t.Errorf("%s: no problem", name)
		}
	}
}

func TestAFileThatIsAppendedToMeanwhileHasAProblem(t *testing.T) {
	g := newGuest(t)
	g.put(t, "log", strings.Repeat("x", 8<<20))
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		file, err := os.OpenFile(g.path("log"), os.O_APPEND|os.O_WRONLY, 0)
		for err == nil {
			select {
			case <-stop:
				file.Close()
				return
			default:
				_, err = file.WriteString("more")
			}
		}
	}()
	file := g.mustFetch(t, &agentv1.FetchRequest{Digest: true}, "log")[0]
	close(stop)
	<-done
	if file.end.GetProblem() == "" {
		t.Error("no problem")
	}
}

func TestFetchEndsWhenNobodyWantsIt(t *testing.T) {
	g := newGuest(t)
	g.put(t, "giant", "x")
	must(t, os.Truncate(g.path("giant"), 1<<42))
	ctx, cancel := context.WithCancel(t.Context())
	request := &agentv1.FetchRequest{Root: workspace, Paths: [][]byte{[]byte("giant")}, Digest: true}
	stream, err := g.client.Fetch(ctx, connect.NewRequest(request))
	must(t, err)
	cancel()
	for stream.Receive() {
	}
	expectCode(t, stream.Err(), connect.CodeCanceled)
}

func TestFetchRefusesWhatLeadsOut(t *testing.T) {
	g := newGuest(t)
	must(t, os.Symlink("/", g.path("top")))
	_, err := g.fetch(t, &agentv1.FetchRequest{}, "top/etc/passwd")
	expectCode(t, err, connect.CodePermissionDenied)
	_, err = g.fetch(t, &agentv1.FetchRequest{}, "../x")
	expectCode(t, err, connect.CodeInvalidArgument)
}
