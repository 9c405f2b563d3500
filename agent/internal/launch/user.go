// Whom a command runs as: passwd(5) and group(5) of the guest, whose text is the
// guest's own.

package launch

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// account is a user with what a login would give him.
type account struct {
	name       string
	credential syscall.Credential
	home       string
}

const (
	// maxDatabaseBytes bounds how much of a user database is read.
	maxDatabaseBytes = 4 << 20
	// maxID is the largest id; the one above it means "unchanged", setresuid(2).
	maxID = 1<<32 - 2
	// maxGroups is NGROUPS_MAX, limits.h.
	maxGroups = 65536
)

// resolveUser finds the account that user means, `USER` or `USER:GROUP`, names or
// numbers, in the databases below root. Numbers need no databases.
func resolveUser(user, root string) (account, error) {
	name, group, hasGroup := strings.Cut(user, ":")
	entries, err := readDatabase(filepath.Join(root, "etc/passwd"), 7)
	if err != nil {
		return account{}, err
	}
	found, err := findUser(entries, name)
	if err != nil {
		return account{}, err
	}
	groups, err := readDatabase(filepath.Join(root, "etc/group"), 4)
	if err != nil {
		return account{}, err
	}
	if hasGroup && group != "" {
		found.credential.Gid, err = findGroup(groups, group)
		return found, err
	}
	for _, entry := range groups {
		if gid, ok := parseID(entry[2]); ok && len(found.credential.Groups) < maxGroups &&
			slices.Contains(strings.Split(entry[3], ","), found.name) {
			found.credential.Groups = append(found.credential.Groups, gid)
		}
	}
	return found, nil
}

// findUser looks for a name first: one may be made of digits.
func findUser(entries [][]string, name string) (account, error) {
	number, isNumber := parseID(name)
	for _, byNumber := range []bool{false, true} {
		for _, entry := range entries {
			uid, uidOK := parseID(entry[2])
			gid, gidOK := parseID(entry[3])
			matches := entry[0] == name
			if byNumber {
				matches = isNumber && uid == number
			}
			if matches && uidOK && gidOK {
				return account{name: entry[0], home: entry[5], credential: syscall.Credential{Uid: uid, Gid: gid}}, nil
			}
		}
	}
	if !isNumber {
		return account{}, fmt.Errorf("the image's user %q is not in its /etc/passwd", name)
	}
	return account{name: name, credential: syscall.Credential{Uid: number}}, nil
}

func findGroup(entries [][]string, name string) (uint32, error) {
	for _, entry := range entries {
		if gid, ok := parseID(entry[2]); ok && entry[0] == name {
			return gid, nil
		}
	}
	if gid, ok := parseID(name); ok {
		return gid, nil
	}
	return 0, fmt.Errorf("the image's group %q is not in its /etc/group", name)
}

// readDatabase returns the entries of file that have at least the given number
// of fields; none when there is no file.
func readDatabase(file string, fields int) ([][]string, error) {
	opened, err := os.Open(file)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	var entries [][]string
	lines := bufio.NewScanner(io.LimitReader(opened, maxDatabaseBytes))
	lines.Buffer(nil, maxDatabaseBytes)
	for lines.Scan() {
		if entry := strings.Split(lines.Text(), ":"); len(entry) >= fields {
			entries = append(entries, entry)
		}
	}
	return entries, lines.Err()
}

func parseID(text string) (uint32, bool) {
	id, err := strconv.ParseUint(text, 10, 32)
	return uint32(id), err == nil && id <= maxID
}
