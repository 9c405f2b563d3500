// Layers on their way from their source into the tree.

package pull

import (
	"context"
	"errors"
	"io"
	"os"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sync/errgroup"

	"pyro-mcp/helper/internal/images/blobs"
	"pyro-mcp/helper/internal/images/unpack"
)

// parallelDownloads is what Docker uses, and one more.
const parallelDownloads = 4

// putLayers downloads in parallel and unpacks in order, a layer as soon as it
// and all before it are there.
func putLayers(ctx context.Context, request Request, store *blobs.Store, source Source, layers []v1.Descriptor, tree *unpack.Tree) error {
	progress := newProgress(request.Report, layers)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	downloads, ctx := errgroup.WithContext(ctx)
	arrived := make([]chan *os.File, len(layers))
	for i := range arrived {
		arrived[i] = make(chan *os.File, 1)
	}
	// In a goroutine, because Go waits when enough downloads are on their way.
	downloads.Go(func() error {
		limited, ctx := errgroup.WithContext(ctx)
		limited.SetLimit(parallelDownloads)
		for i, layer := range layers {
			limited.Go(func() error {
				file, err := store.Fetch(ctx, source, layer, progress.downloaded)
				if err == nil {
					arrived[i] <- file
				}
				return err
			})
		}
		return limited.Wait()
	})
	unpackErr := unpackAll(ctx, layers, arrived, tree, progress)
	cancelled := errors.Is(unpackErr, context.Canceled)
	cancel()
	downloadErr := downloads.Wait()
	for _, each := range arrived {
		closeArrived(each)
	}
	// A download that fails stops the unpacking, and the other way round: the
	// cause is the one that did not find itself cancelled.
	if unpackErr != nil && !cancelled {
		return unpackErr
	}
	return downloadErr
}

func closeArrived(arrived chan *os.File) {
	select {
	case file := <-arrived:
		_ = file.Close()
	default:
	}
}

func unpackAll(ctx context.Context, layers []v1.Descriptor, arrived []chan *os.File, tree *unpack.Tree, progress *progress) error {
	for i, layer := range layers {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case file := <-arrived[i]:
			err := tree.Apply(ctx, io.TeeReader(file, progress), layer.Size)
			if err := errors.Join(err, file.Close()); err != nil {
				return err
			}
		}
	}
	return nil
}
