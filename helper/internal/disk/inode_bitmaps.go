// The one thing that the library leaves undone: e2fsck wants the bits of a
// bitmap that stand for no inode to be set.

package disk

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Places in an image of 4 KiB blocks, by the kernel's documentation of ext4:
// "Super Block" and "Block Group Descriptors".
const (
	superBlockAt        = 1024
	blocksCountAt       = 0x4
	blocksPerGroupAt    = 0x20
	inodesPerGroupAt    = 0x28
	groupDescriptorSize = 32
	inodeBitmapAt       = 0x4
)

// fillInodeBitmaps sets the bits after the last inode of each group.
func fillInodeBitmaps(image *sparseFile) error {
	super := make([]byte, blockBytes-superBlockAt)
	if err := readAt(image, super, superBlockAt); err != nil {
		return err
	}
	blocks := binary.LittleEndian.Uint32(super[blocksCountAt:])
	perGroup := binary.LittleEndian.Uint32(super[blocksPerGroupAt:])
	inodes := binary.LittleEndian.Uint32(super[inodesPerGroupAt:])
	groups := (blocks + perGroup - 1) / perGroup
	used := inodes / 8
	rest := bytes.Repeat([]byte{0xff}, blockBytes-int(used))
	for group := range int64(groups) {
		descriptor := make([]byte, groupDescriptorSize)
		if err := readAt(image, descriptor, blockBytes+group*groupDescriptorSize); err != nil {
			return err
		}
		bitmap := int64(binary.LittleEndian.Uint32(descriptor[inodeBitmapAt:]))
		if _, err := image.Seek(bitmap*blockBytes+int64(used), io.SeekStart); err != nil {
			return err
		}
		if _, err := image.Write(rest); err != nil {
			return err
		}
	}
	return nil
}

func readAt(image *sparseFile, buffer []byte, offset int64) error {
	if _, err := image.Seek(offset, io.SeekStart); err != nil {
		return err
	}
	_, err := io.ReadFull(image, buffer)
	return err
}
