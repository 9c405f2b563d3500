// The ways in which a service shows that it is ready.

package supervisor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"

	agentv1 "pyro-mcp/agent/gen/agent/v1"
	"pyro-mcp/agent/internal/launch"
	"pyro-mcp/agent/internal/ports"
)

// probe looks once. It returns nil when the service is ready, and gives up when
// ctx is done.
type probe interface {
	look(ctx context.Context, launcher *launch.Launcher) error
}

// parseProbe returns in words what is wrong with readiness. A command runs as
// spec does.
func parseProbe(readiness *agentv1.Readiness, spec launch.Spec) (probe, error) {
	switch check := readiness.GetCheck().(type) {
	case *agentv1.Readiness_File:
		if !path.IsAbs(check.File) || len(check.File) >= 4096 || strings.Contains(check.File, "\x00") {
			return nil, errors.New("the file that shows readiness must be an absolute path")
		}
		return fileProbe(check.File), nil
	case *agentv1.Readiness_TcpPort:
		if !ports.IsPort(check.TcpPort) {
			return nil, fmt.Errorf("%d is no port", check.TcpPort)
		}
		return tcpProbe(check.TcpPort), nil
	case *agentv1.Readiness_HttpUrl:
		return parseHTTPProbe(check.HttpUrl)
	case *agentv1.Readiness_Command:
		command := launch.Spec{Argv: check.Command.GetArgv(), Cwd: spec.Cwd, Env: spec.Env}
		return commandProbe{command}, command.Validate()
	}
	return nil, errors.New("a readiness needs a check")
}

// cannotLook: the command that shows readiness cannot be executed. It may come
// to be there while the service gets ready.
type cannotLook struct{ launch.Failure }

func (c cannotLook) Error() string { return "readiness: " + c.Reason }

type fileProbe string

func (p fileProbe) look(context.Context, *launch.Launcher) error {
	_, err := os.Stat(string(p))
	return err
}

type tcpProbe uint32

func (p tcpProbe) look(ctx context.Context, _ *launch.Launcher) error {
	conn, err := ports.Dial(ctx, uint32(p))
	if err != nil {
		return err
	}
	return conn.Close()
}

type httpProbe struct {
	url    string
	client *http.Client
}

func parseHTTPProbe(text string) (probe, error) {
	target, err := url.Parse(text)
	if err != nil || target.Host == "" || target.Scheme != "http" && target.Scheme != "https" {
		return nil, fmt.Errorf("%.200q is no URL of http or https", text)
	}
	port, err := portOf(target)
	if err != nil {
		return nil, err
	}
	return httpProbe{url: text, client: &http.Client{
		// Whatever the URL names as its host, the service is in this guest.
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return ports.Dial(ctx, port) },
			// A certificate for a name of the loopback interface says nothing.
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

func portOf(target *url.URL) (uint32, error) {
	switch text := target.Port(); {
	case text != "":
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil || port == 0 {
			return 0, fmt.Errorf("%q is no port", text)
		}
		return uint32(port), nil
	case target.Scheme == "https":
		return 443, nil
	}
	return 80, nil
}

func (p httpProbe) look(ctx context.Context, _ *launch.Launcher) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return err
	}
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	// What a server is cut off from it may log as an error; more than this is not waited for.
	_, _ = io.CopyN(io.Discard, response.Body, 64<<10)
	if response.StatusCode < 200 || response.StatusCode > 399 {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

type commandProbe struct{ spec launch.Spec }

func (p commandProbe) look(ctx context.Context, launcher *launch.Launcher) error {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer null.Close()
	fd := int(null.Fd())
	process, err := launcher.Start(p.spec, [3]int{fd, fd, fd}, &syscall.SysProcAttr{})
	if err != nil {
		return cannotLook{launch.DescribeFailure(p.spec.Argv[0], err)}
	}
	defer process.Release()
	select {
	case exit := <-process.Done():
		if exit.Status.ExitStatus() != 0 {
			return fmt.Errorf("exit status %d", exit.Status.ExitStatus())
		}
		return nil
	case <-ctx.Done():
		process.Kill()
		<-process.Done()
		return ctx.Err()
	}
}
