// What a host may ask for in StartServiceRequest. Pure: nothing here looks at
// the machine.

package supervisor

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
)

const (
	// maxGrace bounds the time between TERM and KILL.
	maxGrace = time.Minute
	// maxReadyTimeout is the longest that the host lets a user ask for.
	maxReadyTimeout = 24 * time.Hour
	minInterval     = 10 * time.Millisecond
)

// namePattern keeps names fit for a directory.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

type plan struct {
	name string
	spec launch.Spec
	// probe is nil when the service is ready as soon as it has started.
	probe             probe
	timeout, interval time.Duration
	// eager: the first looks come faster than the interval, which then grows to it.
	eager bool
}

// parseStart returns in words what is wrong with request; env is all that it
// asks for, with the values of secrets.
func parseStart(request *agentv1.StartServiceRequest, env map[string]string) (plan, error) {
	p := plan{
		name: request.GetName(),
		spec: launch.Spec{Argv: request.GetArgv(), Cwd: request.GetCwd(), Env: env},
	}
	if !namePattern.MatchString(p.name) {
		return p, fmt.Errorf("%.80q is no name of a service", p.name)
	}
	if err := p.spec.Validate(); err != nil {
		return p, err
	}
	readiness := request.GetReadiness()
	if readiness == nil {
		return p, nil
	}
	p.timeout = time.Duration(readiness.GetTimeoutMs()) * time.Millisecond
	p.interval = max(time.Duration(readiness.GetIntervalMs())*time.Millisecond, minInterval)
	if p.timeout <= 0 || p.timeout > maxReadyTimeout {
		return p, errors.New("a readiness needs a timeout of at most a day")
	}
	var err error
	p.probe, err = parseProbe(readiness, p.spec)
	_, isCommand := p.probe.(commandProbe)
	p.eager = !isCommand
	return p, err
}

func graceOf(ms uint32) time.Duration {
	return min(time.Duration(ms)*time.Millisecond, maxGrace)
}
