// Package command is the program `pyro-helper image`: one request on stdin, events
// on stdout, the last of them a result or an error.
package command

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"pyro-mcp/helper/internal/images/failure"
	"pyro-mcp/helper/internal/images/pull"
	"pyro-mcp/helper/internal/images/registry"
	"pyro-mcp/helper/internal/images/secret"
	"pyro-mcp/helper/internal/images/unpack"
)

// memoryLimitBytes makes the collector busier before the program grows.
const memoryLimitBytes = 96 << 20

type action func(ctx context.Context, input *input, out *output) (any, error)

var actions = map[string]action{"pull": runPull, "resolve": runResolve, "layout": runLayout, "push": runPush}

// Run returns the exit code: 0 after a result, 1 after an error, 2 for a wrong command line.
func Run(arguments []string) int {
	if len(arguments) != 1 || actions[arguments[0]] == nil {
		return 2
	}
	debug.SetMemoryLimit(memoryLimitBytes)
	out := &output{writer: os.Stdout, secrets: &secret.Keeper{}}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer stop()
	go endAtOnce(ctx, out)
	if err := run(ctx, stop, actions[arguments[0]], out); err != nil {
		out.fail(err)
		if errors.Is(err, registry.ErrCredentialHelperHangs) {
			endGroup()
		}
		return 1
	}
	return 0
}

// endGroup ends what this program has started, and this program: who waits for
// its stderr would wait for theirs. Without a group of its own it leaves all alone.
func endGroup() {
	if pid := os.Getpid(); syscall.Getpgrp() == pid {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
}

func run(ctx context.Context, cancel func(), act action, out *output) error {
	input, rest, err := readInput(os.Stdin)
	if err != nil {
		return err
	}
	go func() {
		// Ends when the caller closes its end, or has died.
		_, _ = io.Copy(io.Discard, rest)
		cancel()
	}()
	result, err := act(ctx, input, out)
	if err != nil {
		return err
	}
	return out.succeed(result)
}

// endAtOnce does not wait for anything to notice: a lock that others hold, a
// credential helper, a slow disk. All that is on the disk may stay as it is.
func endAtOnce(ctx context.Context, out *output) {
	<-ctx.Done()
	if out.fail(failure.New(failure.Cancelled, "cancelled")) {
		os.Exit(1)
	}
}

func runPull(ctx context.Context, input *input, out *output) (any, error) {
	if err := needsPaths(input.RootfsDir, input.BlobsDir); err != nil {
		return nil, err
	}
	return pull.Run(ctx, pull.Request{
		Reference: input.Reference, RootfsDir: input.RootfsDir, BlobsDir: input.BlobsDir,
		MountPoints: input.MountPoints, Registry: input.options(out), Limits: unpack.Usual, Report: out.progress,
	})
}

// resolved is the result of runResolve.
type resolved struct {
	Digest      string `json:"digest"`
	IndexDigest string `json:"index_digest,omitempty"`
	MediaType   string `json:"media_type"`
}

func runResolve(ctx context.Context, input *input, out *output) (any, error) {
	source, err := pull.Open(ctx, input.Reference, input.options(out))
	if err != nil {
		return nil, err
	}
	manifest, err := source.Resolve(ctx)
	if err != nil {
		return nil, err
	}
	answer := resolved{Digest: manifest.Digest.String(), MediaType: string(manifest.MediaType)}
	if manifest.IndexDigest != nil {
		answer.IndexDigest = manifest.IndexDigest.String()
	}
	return answer, nil
}
