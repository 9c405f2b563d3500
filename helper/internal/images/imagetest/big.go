// An image for figures.

package imagetest

import (
	"bytes"
	"fmt"
	"math/rand"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
)

// BigImage has about sizeBytes when it is compressed, in five layers of small
// files: a third of their content does not compress, the rest does.
func BigImage(t testing.TB, sizeBytes int) v1.Image {
	t.Helper()
	const layerCount = 5
	random := rand.New(rand.NewSource(1))
	layers := make([]v1.Layer, 0, layerCount)
	for layer := range layerCount {
		var entries []Entry
		for file, left := 0, sizeBytes/layerCount; left > 0; file++ {
			size := min(left, 4<<10+random.Intn(120<<10))
			content := make([]byte, size)
			random.Read(content)
			text := bytes.Repeat([]byte(fmt.Sprintf("line %d of a text\n", file)), 2*size/20)
			entries = append(entries, File(fmt.Sprintf("usr/share/%d/%d/%d", layer, file/100, file), string(content)+string(text)))
			left -= size
		}
		layers = append(layers, Layer(t, entries...))
	}
	return Image(t, v1.Config{}, layers...)
}
