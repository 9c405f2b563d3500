// A look at all processes through /proc.

package tree

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// processInfo is what of /proc/PID/stat places a process, proc(5).
type processInfo struct {
	parent  int
	session int
	// dead: a zombie waits to be reaped and takes no signal.
	dead bool
}

// snapshot reads all processes. Those that end meanwhile are left out.
func snapshot() map[int]processInfo {
	processes := map[int]processInfo{}
	entries, _ := os.ReadDir("/proc")
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		if info, ok := parseStat(stat); ok {
			processes[pid] = info
		}
	}
	return processes
}

// parseStat reads "pid (name) state ppid pgrp session …". A name may hold
// spaces and parentheses, so the fields are counted from the last one.
func parseStat(stat []byte) (processInfo, bool) {
	end := bytes.LastIndexByte(stat, ')')
	fields := bytes.Fields(stat[end+1:])
	if end < 0 || len(fields) < 4 {
		return processInfo{}, false
	}
	parent, err1 := strconv.Atoi(string(fields[1]))
	session, err2 := strconv.Atoi(string(fields[3]))
	state := fields[0][0]
	info := processInfo{parent: parent, session: session, dead: state == 'Z' || state == 'X'}
	return info, err1 == nil && err2 == nil
}

// descendants are the living processes below pid.
func descendants(processes map[int]processInfo, pid int) []int {
	children := map[int][]int{}
	for child, info := range processes {
		children[info.parent] = append(children[info.parent], child)
	}
	var found []int
	for queue := children[pid]; len(queue) > 0; queue = queue[1:] {
		next := queue[0]
		queue = append(queue, children[next]...)
		if !processes[next].dead {
			found = append(found, next)
		}
	}
	return found
}

// hasEnv reports whether the process was started with entry ("NAME=value").
func hasEnv(pid int, entry string) bool {
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		return false
	}
	for _, have := range bytes.Split(environ, []byte{0}) {
		if string(have) == entry {
			return true
		}
	}
	return false
}
