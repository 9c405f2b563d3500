// A file in the stage, while its content arrives.

package files

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// Modes of what is new, which the agent's umask leaves as they are.
const (
	newFileMode      = 0o644
	newDirectoryMode = 0o755
)

type stagedFile struct {
	service *Service
	request *agentv1.WriteFile
	path    string
	slot    string
	fd      descriptor
	// end is where the content that has arrived ends.
	end uint64
}

// begin makes an empty file in the stage.
func (st *stage) begin(request *agentv1.WriteFile) (*stagedFile, error) {
	slot := st.slot()
	fd, err := openat(st.fd, slot, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW, newFileMode)
	if err != nil {
		return nil, err
	}
	return &stagedFile{service: st.service, request: request, path: string(request.GetPath()), slot: slot, fd: fd}, nil
}

func (f *stagedFile) write(data *agentv1.FileData) error {
	content := data.GetBytes()
	if data.GetOffset() < f.end || data.GetOffset() > f.request.GetSize() || uint64(len(content)) > f.request.GetSize()-data.GetOffset() {
		return invalid("data out of order or beyond the file's size")
	}
	f.end = data.GetOffset() + uint64(len(content))
	for offset := int64(data.GetOffset()); len(content) > 0; {
		var n int
		err := retry(func() (err error) {
			n, err = unix.Pwrite(int(f.fd), content, offset)
			return err
		})
		if err != nil {
			return err
		}
		if n == 0 {
			return errors.New("nothing more is written")
		}
		content, offset = content[n:], offset+int64(n)
	}
	return nil
}

// finish gives the file its size, mode and time.
func (f *stagedFile) finish() error {
	if f.end < f.request.GetSize() {
		if err := retry(func() error { return unix.Ftruncate(int(f.fd), int64(f.request.GetSize())) }); err != nil {
			return err
		}
	}
	if mode := f.request.GetMode(); mode != 0 && mode != newFileMode {
		if err := unix.Fchmod(int(f.fd), mode); err != nil {
			return err
		}
	}
	if f.request.GetMtimeNs() == 0 {
		return nil
	}
	return f.service.setTimes(f.fd, unix.Timespec{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(f.request.GetMtimeNs()))
}

// setTimes sets the times of what is open, also for O_PATH only.
func (s *Service) setTimes(fd descriptor, access, modification unix.Timespec) error {
	return unix.UtimesNanoAt(int(s.descriptors), strconv.Itoa(int(fd)), []unix.Timespec{access, modification}, 0)
}

// setMode sets the permissions of what is open, also for O_PATH only.
func (s *Service) setMode(fd descriptor, mode uint32) error {
	return unix.Fchmodat(int(s.descriptors), strconv.Itoa(int(fd)), mode, 0)
}
