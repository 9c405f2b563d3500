// Reading the table of mounts.

package boot

import "testing"

func TestCountMounts(t *testing.T) {
	const mounts = "none / overlay rw 0 0\nnone /tmp tmpfs rw 0 0\nnone /tmp/x tmpfs rw 0 0\nnone /tmp 9p rw 0 0\n/tmp /mnt none rw 0 0\n\nshort\n"
	if n := countMounts(mounts, "/tmp"); n != 2 {
		t.Error(n)
	}
	if n := countMounts("", "/tmp"); n != 0 {
		t.Error(n)
	}
}
