// Package session is the agent run as the first process of a shell's session:
// `pyro-agent --session PROGRAM`.
//
// Which process group of a terminal is in the foreground, the kernel tells only
// to members of its session, and gVisor not even through the master's end. So a
// member stands by: it starts the shell, passes signals on to whichever group is
// in the foreground when they come, and ends as the shell does.
package session

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	// exitCannotExecute is POSIX's, XCU 2.8.2.
	exitCannotExecute = 126
	// signalBase is added to the number of a signal by every shell.
	signalBase = 128
	// terminal is the descriptor of the session's terminal.
	terminal = 0
)

// KillRequest stands for SIGKILL, which nobody can pass on.
const KillRequest = syscall.SIGUSR1

// Lead runs program as the shell of this session's terminal and returns its
// exit code, as a shell would tell it.
func Lead(program string) int {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, KillRequest)
	// Its group is not the terminal's any more once the shell has it.
	signal.Ignore(syscall.SIGTTOU, syscall.SIGTTIN, syscall.SIGTSTP)
	shell, err := syscall.ForkExec(program, []string{program}, &syscall.ProcAttr{
		Env:   os.Environ(),
		Files: []uintptr{0, 1, 2},
		Sys:   &syscall.SysProcAttr{Foreground: true, Ctty: terminal},
	})
	if err != nil {
		_, _ = os.Stderr.WriteString("pyro: " + program + ": " + err.Error() + "\r\n")
		return exitCannotExecute
	}
	go func() {
		for received := range signals {
			passOn(received, shell)
		}
	}()
	return wait(shell)
}

// passOn signals the group in the foreground, or the shell's own when that one
// has just ended.
func passOn(received os.Signal, shell int) {
	number, ok := received.(syscall.Signal)
	if !ok {
		return
	}
	if number == KillRequest {
		number = syscall.SIGKILL
	}
	group, err := unix.IoctlGetInt(terminal, unix.TIOCGPGRP)
	if err != nil || group <= 1 || syscall.Kill(-group, number) != nil {
		_ = syscall.Kill(-shell, number)
	}
}

func wait(shell int) int {
	for {
		var status syscall.WaitStatus
		_, err := syscall.Wait4(shell, &status, 0, nil)
		switch {
		case err == syscall.EINTR:
		case err != nil:
			return exitCannotExecute
		case status.Signaled():
			return signalBase + int(status.Signal())
		default:
			return status.ExitStatus()
		}
	}
}
