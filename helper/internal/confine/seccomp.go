// System calls that this program never makes, seccomp(2).

package confine

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// denied lead out of what a process can do with its memory, its files and its
// sockets. Naming what is denied, rather than what is allowed, keeps up with a
// Go runtime that learns new calls.
var denied = []uint32{
	unix.SYS_EXECVE, unix.SYS_EXECVEAT, unix.SYS_FORK, unix.SYS_VFORK,
	unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_PIDFD_GETFD,
	unix.SYS_MOUNT, unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_CHROOT, unix.SYS_MOVE_MOUNT, unix.SYS_FSOPEN, unix.SYS_OPEN_TREE,
	unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD,
	unix.SYS_KEYCTL, unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY,
	unix.SYS_INIT_MODULE, unix.SYS_FINIT_MODULE, unix.SYS_KEXEC_LOAD, unix.SYS_REBOOT,
	unix.SYS_IO_URING_SETUP, unix.SYS_OPEN_BY_HANDLE_AT,
}

// Offsets in struct seccomp_data, linux/seccomp.h.
const (
	numberOffset       = 0
	architectureOffset = 4
)

// denySystemCalls makes the denied ones fail with EPERM, in all threads, none of
// which gets new privileges any more. Another architecture's calls end the
// process: they have other numbers.
func denySystemCalls() error {
	if runtime.GOARCH != "amd64" {
		return fmt.Errorf("no filter of system calls for %s", runtime.GOARCH)
	}
	filter := []unix.SockFilter{
		load(architectureOffset),
		jumpIfEqual(unix.AUDIT_ARCH_X86_64, 1, 0),
		answer(unix.SECCOMP_RET_KILL_PROCESS),
		load(numberOffset),
	}
	for i, number := range denied {
		// To the last instruction but one, past the tests that are left.
		filter = append(filter, jumpIfEqual(number, uint8(len(denied)-i), 0))
	}
	filter = append(filter,
		answer(unix.SECCOMP_RET_ALLOW),
		answer(unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM)),
	)
	// A thread's own, but the filter takes it to all others along with itself.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	_, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&program)))
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	return nil
}

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

func jumpIfEqual(value uint32, then, otherwise uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: then, Jf: otherwise, K: value}
}

func answer(action uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: action}
}
