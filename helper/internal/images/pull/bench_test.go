// The figures of an image of 200 MB: time and memory.

package pull

import (
	"bytes"
	"context"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"pyro-mcp/helper/internal/images/imagetest"
)

// bigImage has about sizeBytes when it is compressed, a third of its content in
// a form that does not compress, in five layers of small and large files.
func bigImage(t testing.TB, sizeBytes int) v1.Image {
	t.Helper()
	random := rand.New(rand.NewSource(1))
	var layers []v1.Layer
	for layer := range 5 {
		var entries []imagetest.Entry
		for file, left := 0, sizeBytes/5; left > 0; file++ {
			size := min(left, 4<<10+random.Intn(120<<10))
			content := make([]byte, size)
			random.Read(content)
			text := bytes.Repeat([]byte(fmt.Sprintf("line %d of a text\n", file)), 2*size/20)
			entries = append(entries, imagetest.File(fmt.Sprintf("usr/share/%d/%d/%d", layer, file/100, file), string(content)+string(text)))
			left -= size
		}
		layers = append(layers, imagetest.Layer(t, entries...))
	}
	return imagetest.Image(t, v1.Config{}, layers...)
}

func BenchmarkPullOf200MB(b *testing.B) {
	server := imagetest.NewRegistry(b)
	reference := server.Push(b, "big", bigImage(b, 200_000_000))
	for b.Loop() {
		asked := request(b, reference)
		if _, err := Run(context.Background(), asked); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		_ = os.RemoveAll(asked.RootfsDir)
		_ = os.RemoveAll(asked.BlobsDir)
		b.StartTimer()
	}
	_ = exec.Command
}
