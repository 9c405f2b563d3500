// What a host may ask for in one step of an Apply. Pure.

package files

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"strings"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
)

// maxMode is all that chmod(2) can set.
const maxMode = 0o7777

// checkStep returns in words what is wrong with a step that changes something.
func checkStep(step *agentv1.ApplyStep) error {
	switch step := step.GetStep().(type) {
	case *agentv1.ApplyStep_WriteFile:
		file := step.WriteFile
		if file.GetSize() > math.MaxInt64 {
			return errors.New("the size is too large")
		}
		return errors.Join(checkNamed(string(file.GetPath())), checkMode(file.GetMode()), checkDigest(file.GetExpectedSha256()))
	case *agentv1.ApplyStep_MakeDirectory:
		return errors.Join(checkPath(string(step.MakeDirectory.GetPath())), checkMode(step.MakeDirectory.GetMode()))
	case *agentv1.ApplyStep_MakeSymlink:
		return errors.Join(checkNamed(string(step.MakeSymlink.GetPath())), checkTarget(string(step.MakeSymlink.GetTarget())))
	case *agentv1.ApplyStep_MakeHardLink:
		return errors.Join(checkNamed(string(step.MakeHardLink.GetPath())), checkNamed(string(step.MakeHardLink.GetExistingPath())))
	case *agentv1.ApplyStep_Remove:
		return errors.Join(checkNamed(string(step.Remove.GetPath())), checkDigest(step.Remove.GetExpectedSha256()))
	case *agentv1.ApplyStep_SetMode:
		return errors.Join(checkPath(string(step.SetMode.GetPath())), checkMode(step.SetMode.GetMode()))
	}
	return errors.New("an unknown step")
}

func checkMode(mode uint32) error {
	if mode > maxMode {
		return fmt.Errorf("the mode %o has bits outside of %o", mode, maxMode)
	}
	return nil
}

func checkDigest(digest []byte) error {
	if len(digest) != 0 && len(digest) != sha256.Size {
		return fmt.Errorf("a digest has %d bytes instead of %d", len(digest), sha256.Size)
	}
	return nil
}

func checkTarget(target string) error {
	if target == "" || len(target) >= maxPathBytes || strings.IndexByte(target, 0) >= 0 {
		return fmt.Errorf("a link's target must have 1 to %d bytes and no NUL byte", maxPathBytes-1)
	}
	return nil
}
