// Images on their way to a registry.

package registry

import (
	"context"

	"github.com/google/go-containerregistry/pkg/authn"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// MayPush asks the registry to begin an upload, and takes that back: some check
// credentials no earlier.
func (c *Client) MayPush(ctx context.Context) error {
	// The client's transport has the credentials.
	if err := remote.CheckPushPermission(c.reference, authn.NewMultiKeychain(), c.transport); err != nil {
		return c.explain(ctx, err)
	}
	return nil
}

// Push uploads what the registry does not have yet, and names it by the
// client's reference. report gets bytes.
func (c *Client) Push(ctx context.Context, image v1.Image, report func(done, total int64)) error {
	updates := make(chan v1.Update, 1)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		for each := range updates {
			// The error is what Write returns, too.
			if each.Error == nil {
				report(each.Complete, each.Total)
			}
		}
	}()
	// Write closes the channel.
	err := remote.Write(c.reference, image, remote.WithContext(ctx), remote.WithTransport(c.transport), remote.WithProgress(updates))
	<-finished
	if err != nil {
		return c.explain(ctx, err)
	}
	return nil
}
