package overlay

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"time"
)

var latest = time.Unix(1_700_000_000, 0)

func layerOf(t testing.TB, headers ...*tar.Header) []byte {
	t.Helper()
	var buffer bytes.Buffer
	writer := tar.NewWriter(&buffer)
	for _, header := range headers {
		if err := writer.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := writer.Write(bytes.Repeat([]byte("x"), int(header.Size))); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func directory(name string, opaque bool) *tar.Header {
	header := &tar.Header{Typeflag: tar.TypeDir, Name: name, Mode: 0o755}
	if opaque {
		header.PAXRecords = map[string]string{opaqueXattr: "y"}
	}
	return header
}

func TestDeletionsBecomeWhiteouts(t *testing.T) {
	upper := layerOf(t,
		directory(".", false),
		directory("./etc", true),
		&tar.Header{Typeflag: tar.TypeReg, Name: "./etc/passwd", Mode: 0o600, Size: 5, Uid: 7},
		directory("./bin", false),
		&tar.Header{Typeflag: tar.TypeChar, Name: "./bin/ls"},
		&tar.Header{Typeflag: tar.TypeLink, Name: "./bin/cat", Linkname: "./bin/ls"},
		&tar.Header{Typeflag: tar.TypeLink, Name: "./etc/hosts.pyro-new", Linkname: "./bin/ls"},
		&tar.Header{Typeflag: tar.TypeReg, Name: "./etc/machine-id", Size: 3},
		&tar.Header{Typeflag: tar.TypeChar, Name: "./bin/null", Devmajor: 1, Devminor: 3},
		&tar.Header{Typeflag: tar.TypeLink, Name: "./bin/hard", Linkname: "./etc/passwd"},
		&tar.Header{Typeflag: tar.TypeSymlink, Name: "./bin/soft", Linkname: "../etc/passwd"},
		directory("./usr/lib/pyro", false),
		&tar.Header{Typeflag: tar.TypeReg, Name: "./usr/lib/pyro/image.json"},
		&tar.Header{Typeflag: tar.TypeReg, Name: "./tmp/.pyro-keep"},
	)
	var got []string
	for _, header := range headersOf(t, converted(t, upper)) {
		if len(header.PAXRecords) > 0 {
			t.Error(header.Name, header.PAXRecords)
		}
		got = append(got, header.Name+" "+header.Linkname)
	}
	want := []string{
		"./ ", "bin/ ", "bin/.wh.cat ", "bin/hard ", "bin/.wh.ls ", "bin/null ", "bin/soft ../etc/passwd",
		"etc/ ", "etc/.wh..wh..opq ", "etc/passwd bin/hard",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func converted(t testing.TB, upper []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Convert(&out, bytes.NewReader(upper), latest, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func headersOf(t testing.TB, layer []byte) (headers []*tar.Header) {
	t.Helper()
	reader := tar.NewReader(bytes.NewReader(layer))
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return headers
		}
		if err != nil {
			t.Fatal(err)
		}
		headers = append(headers, header)
	}
}

func regular(name string, size int64) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: size}
}

func link(name, to string) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeLink, Name: name, Linkname: to, Mode: 0o644}
}

func TestTheSameTreeInAnotherOrderIsTheSameLayer(t *testing.T) {
	long := "./" + strings.Repeat("n", 250)
	attributes := map[string]string{"SCHILY.xattr.user.note": "kept"}
	withNote := func(name string) *tar.Header {
		header := regular(name, 700)
		header.PAXRecords = attributes
		return header
	}
	one := layerOf(t, directory(".", false), directory("./d", true), withNote("./d/b"), link("./d/a", "./d/b"), link(long, "./d/b"), regular("./d.x", 1))
	other := layerOf(t, directory(".", false), regular("./d.x", 1), withNote(long), directory("./d", true), link("./d/a", long), link("./d/b", long))
	layer := converted(t, one)
	if !bytes.Equal(layer, converted(t, other)) {
		t.Error("the layers differ")
	}
	for _, header := range headersOf(t, layer) {
		if header.Name == "d/a" && (header.Typeflag != tar.TypeReg || header.Size != 700 || header.PAXRecords["SCHILY.xattr.user.note"] != "kept") {
			t.Errorf("the first name of the file: %+v", header)
		}
		if header.Name == "d/b" && (header.Typeflag != tar.TypeLink || header.Linkname != "d/a") {
			t.Errorf("another name of the file: %+v", header)
		}
	}
}

func TestAFileThatIsOurOwnByOneNameKeepsItsOthers(t *testing.T) {
	headers := headersOf(t, converted(t, layerOf(t, directory(".", false), regular("./etc/hosts", 4), link("./mine", "./etc/hosts"))))
	if len(headers) != 2 || headers[1].Name != "mine" || headers[1].Typeflag != tar.TypeReg || headers[1].Size != 4 {
		t.Errorf("%+v", headers)
	}
}

func TestNoTimeIsAfterTheLatest(t *testing.T) {
	before, after := regular("./before", 0), regular("./after", 0)
	before.ModTime, after.ModTime = latest.Add(-time.Hour), latest.Add(time.Hour)
	headers := headersOf(t, converted(t, layerOf(t, before, after)))
	if !headers[0].ModTime.Equal(latest) || !headers[1].ModTime.Equal(before.ModTime) {
		t.Error(headers[0].ModTime, headers[1].ModTime)
	}
}

func TestWhatTheEngineDoesNotWriteIsRefused(t *testing.T) {
	for _, header := range []*tar.Header{link("./a", "./nowhere"), {Typeflag: tar.TypeCont, Name: "./a"}} {
		if err := Convert(io.Discard, bytes.NewReader(layerOf(t, header)), latest, func(int64, int64) {}); err == nil {
			t.Errorf("%+v", header)
		}
	}
}

func TestBytesAreToldUpToTheirSum(t *testing.T) {
	var lastDone, lastTotal int64
	upper := layerOf(t, regular("./a", 100_000), regular("./b", 23))
	if err := Convert(io.Discard, bytes.NewReader(upper), latest, func(done, total int64) { lastDone, lastTotal = done, total }); err != nil {
		t.Fatal(err)
	}
	if lastDone != 100_023 || lastTotal != lastDone {
		t.Error(lastDone, lastTotal)
	}
}

func TestNamesThatNoLayerCanHold(t *testing.T) {
	for _, name := range []string{"../x", "/x", "./a/.wh.b", "a/../../x"} {
		upper := layerOf(t, &tar.Header{Typeflag: tar.TypeReg, Name: name})
		if err := Convert(io.Discard, bytes.NewReader(upper), latest, func(int64, int64) {}); !errors.Is(err, ErrName) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(layerOf(f, directory("./etc", true), &tar.Header{Typeflag: tar.TypeChar, Name: "./bin/ls"}))
	f.Fuzz(func(t *testing.T, upper []byte) {
		var out bytes.Buffer
		if Convert(&out, bytes.NewReader(upper), latest, func(int64, int64) {}) != nil {
			return
		}
		reader := tar.NewReader(&out)
		for {
			if _, err := reader.Next(); err == io.EOF {
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
}
