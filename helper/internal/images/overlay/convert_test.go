package overlay

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"
)

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
	var out bytes.Buffer
	if err := Convert(&out, bytes.NewReader(upper)); err != nil {
		t.Fatal(err)
	}
	reader := tar.NewReader(&out)
	var got []string
	for {
		header, err := reader.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(header.PAXRecords) > 0 {
			t.Error(header.Name, header.PAXRecords)
		}
		got = append(got, header.Name+" "+header.Linkname)
	}
	want := []string{
		"./ ", "etc/ ", "etc/.wh..wh..opq ", "etc/passwd ", "bin/ ", "bin/.wh.ls ", "bin/.wh.cat ", "bin/null ",
		"bin/hard etc/passwd", "bin/soft ../etc/passwd",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestNamesThatNoLayerCanHold(t *testing.T) {
	for _, name := range []string{"../x", "/x", "./a/.wh.b", "a/../../x"} {
		upper := layerOf(t, &tar.Header{Typeflag: tar.TypeReg, Name: name})
		if err := Convert(io.Discard, bytes.NewReader(upper)); !errors.Is(err, ErrName) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzConvert(f *testing.F) {
	f.Add(layerOf(f, directory("./etc", true), &tar.Header{Typeflag: tar.TypeChar, Name: "./bin/ls"}))
	f.Fuzz(func(t *testing.T, upper []byte) {
		var out bytes.Buffer
		if Convert(&out, bytes.NewReader(upper)) != nil {
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
