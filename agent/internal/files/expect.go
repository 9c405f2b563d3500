// Changes that depend on what is there.

package files

import (
	"bytes"
	"crypto/sha256"

	"connectrpc.com/connect"
)

// hashBytes is read at once for a digest.
const hashBytes = 256 << 10

// expectContent fails with aborted unless there is a regular file with the
// digest wanted; none is wanted when it is empty.
func expectContent(p place, wanted []byte) error {
	if len(wanted) == 0 {
		return nil
	}
	changed := refuse(connect.CodeAborted, p.path(), "%s has changed", printable(p.path()))
	if p.old == nil || !isRegular(p.old) {
		return changed
	}
	file, err := openBelow(p.fd, p.name, 0)
	if isGone(err) {
		return changed
	}
	if err != nil {
		return err
	}
	defer file.close()
	hash := sha256.New()
	buffer := make([]byte, hashBytes)
	for offset := int64(0); ; {
		n, err := file.readAt(buffer, offset)
		if err != nil {
			return err
		}
		hash.Write(buffer[:n])
		if n < len(buffer) {
			break
		}
		offset += int64(n)
	}
	if !bytes.Equal(hash.Sum(nil), wanted) {
		return changed
	}
	return nil
}
