package disk

import (
	"archive/tar"
	"math/rand/v2"
	"testing"
)

// Flipped bytes of an archive: most of it is refused, some of it is a file system.
func TestDamagedArchivesEndInAnErrorOrAnImage(t *testing.T) {
	whole := tarOf(t,
		&tar.Header{Name: "d/", Typeflag: tar.TypeDir, Mode: 0o755},
		&tar.Header{Name: "d/a", Typeflag: tar.TypeReg, Size: 600, PAXRecords: map[string]string{"SCHILY.xattr.user.k": "v"}},
		&tar.Header{Name: "d/b", Typeflag: tar.TypeLink, Linkname: "d/a"},
		&tar.Header{Name: "d/c", Typeflag: tar.TypeSymlink, Linkname: "../a"},
	)
	random := rand.New(rand.NewPCG(7, 7))
	accepted := 0
	for range 400 {
		damaged := append([]byte(nil), whole...)
		for range 1 + random.IntN(3) {
			damaged[random.IntN(len(damaged))] = byte(random.IntN(256))
		}
		file, err := image(t, damaged)
		if err == nil {
			accepted++
			checkImage(t, file)
		}
	}
	if accepted == 0 {
		t.Error("not even damage to contents was accepted")
	}
}
