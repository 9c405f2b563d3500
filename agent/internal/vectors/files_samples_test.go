// The samples of FilesService.

package vectors

import (
	"bytes"
	"math"

	pb "pyro-mcp/agent/gen/agent/v1"
)

// odd is a path whose bytes are no text.
var odd = []byte("dir/n\xc3\xa4me\n\xff")

func lookingSamples() []sample {
	file := &pb.Entry{Path: odd, Mode: 0o100644, Size: 5, MtimeNs: 1_795_264_000_123_456_789, CtimeNs: 1_795_264_001_000_000_001, LinkId: 42}
	link := &pb.Entry{Path: []byte("link"), Mode: 0o120777, MtimeNs: -1, LinkTarget: []byte("../\xfe")}
	edges := &pb.Entry{Path: bytes.Repeat([]byte("p"), 4095), Mode: math.MaxUint32, Size: math.MaxUint64, MtimeNs: math.MinInt64, CtimeNs: math.MaxInt64, LinkId: math.MaxUint64}
	ignored := &pb.Ignored{Path: []byte("node_modules"), EntryCount: 50_000}
	return []sample{
		{"entry, empty", &pb.Entry{}},
		{"entry of a file", file},
		{"entry of a link", link},
		{"entry, edges", edges},
		{"walk request, empty", &pb.WalkRequest{}},
		{"walk request", &pb.WalkRequest{Root: "/workspace", Path: odd, Recursive: true, MaxEntries: 1_000_000, SkipGit: true, HonorGitignore: true}},
		{"walk response, empty", &pb.WalkResponse{}},
		{"walk response", &pb.WalkResponse{Entries: []*pb.Entry{file, link}}},
		{"walk response, the last", &pb.WalkResponse{Ignored: []*pb.Ignored{ignored, {}}, Truncated: true, BootedAtNs: 1_795_264_000_000_000_000}},
		{"ignored, empty", &pb.Ignored{}},
		{"ignored", ignored},
		{"stat request, empty", &pb.StatRequest{}},
		{"stat request", &pb.StatRequest{Root: "/workspace", Paths: [][]byte{odd, {}, []byte("b")}}},
		{"stat response, empty", &pb.StatResponse{}},
		{"stat response", &pb.StatResponse{Entries: []*pb.Entry{file, {Path: []byte("none")}}}},
		{"read request, empty", &pb.ReadRequest{}},
		{"read request", &pb.ReadRequest{Root: "/workspace", Path: odd, Offset: math.MaxUint64, MaxBytes: 1 << 20}},
		{"read response, empty", &pb.ReadResponse{}},
		{"read response", &pb.ReadResponse{Entry: file, Content: []byte{0, 1, 0xff}}},
		{"fetch request, empty", &pb.FetchRequest{}},
		{"fetch request", &pb.FetchRequest{Root: "/workspace", Paths: [][]byte{odd}, Recursive: true, MaxFileBytes: 1 << 40, Digest: true}},
		{"fetch response, empty", &pb.FetchResponse{}},
		{"fetch response", &pb.FetchResponse{Items: []*pb.FetchItem{fetchEntry(file), fetchData(0, "hello"), fetchEnd(bytes.Repeat([]byte{0x5a}, 32), "")}}},
		{"fetch item, empty", &pb.FetchItem{}},
		{"fetch item with an entry", fetchEntry(link)},
		{"fetch item with data", fetchData(math.MaxInt64, "\x00\xff")},
		{"fetch item with a sign of life", fetchData(1<<30, "")},
		{"fetch item with an end", fetchEnd(nil, "it has changed")},
		{"file data, empty", &pb.FileData{}},
		{"file data", &pb.FileData{Offset: 65536, Bytes: []byte("x")}},
		{"file end, empty", &pb.FileEnd{}},
		{"file end", &pb.FileEnd{Sha256: bytes.Repeat([]byte{0x5a}, 32), Problem: "it cannot be read: é"}},
	}
}

func fetchEntry(entry *pb.Entry) *pb.FetchItem {
	return &pb.FetchItem{Item: &pb.FetchItem_Entry{Entry: entry}}
}

func fetchData(offset uint64, content string) *pb.FetchItem {
	return &pb.FetchItem{Item: &pb.FetchItem_Data{Data: &pb.FileData{Offset: offset, Bytes: []byte(content)}}}
}

func fetchEnd(digest []byte, problem string) *pb.FetchItem {
	return &pb.FetchItem{Item: &pb.FetchItem_End{End: &pb.FileEnd{Sha256: digest, Problem: problem}}}
}

func changingSamples() []sample {
	digest := bytes.Repeat([]byte{0x00, 0xff}, 16)
	file := &pb.WriteFile{Path: odd, Size: 5, Mode: 0o4755, MtimeNs: 1_795_264_000_123_456_789, ExpectedSha256: digest, MustNotExist: true}
	steps := []*pb.ApplyStep{
		{Step: &pb.ApplyStep_Start{Start: &pb.ApplyStart{Root: "/workspace"}}},
		{Step: &pb.ApplyStep_WriteFile{WriteFile: file}},
		{Step: &pb.ApplyStep_Data{Data: &pb.FileData{Bytes: []byte("hello")}}},
		{Step: &pb.ApplyStep_MakeDirectory{MakeDirectory: &pb.MakeDirectory{Path: odd}}},
		{Step: &pb.ApplyStep_MakeSymlink{MakeSymlink: &pb.MakeSymlink{Path: odd, Target: odd}}},
		{Step: &pb.ApplyStep_MakeHardLink{MakeHardLink: &pb.MakeHardLink{Path: odd, ExistingPath: odd}}},
		{Step: &pb.ApplyStep_Remove{Remove: &pb.Remove{Path: odd}}},
		{Step: &pb.ApplyStep_SetMode{SetMode: &pb.SetMode{Path: odd}}},
		{Step: &pb.ApplyStep_Commit{Commit: &pb.ApplyCommit{}}},
	}
	all := []sample{
		{"apply request, empty", &pb.ApplyRequest{}},
		{"apply request with every step", &pb.ApplyRequest{Steps: steps}},
		{"apply step, empty", &pb.ApplyStep{}},
		{"apply start, empty", &pb.ApplyStart{}},
		{"apply start", &pb.ApplyStart{Root: "/workspace"}},
		{"write file, empty", &pb.WriteFile{}},
		{"write file", file},
		{"write file, edges", &pb.WriteFile{Size: math.MaxUint64, Mode: math.MaxUint32, MtimeNs: math.MinInt64}},
		{"make directory, empty", &pb.MakeDirectory{}},
		{"make directory", &pb.MakeDirectory{Path: odd, Mode: 0o1777}},
		{"make symlink, empty", &pb.MakeSymlink{}},
		{"make symlink", &pb.MakeSymlink{Path: odd, Target: []byte("/\xff")}},
		{"make hard link, empty", &pb.MakeHardLink{}},
		{"make hard link", &pb.MakeHardLink{Path: odd, ExistingPath: []byte("a")}},
		{"remove, empty", &pb.Remove{}},
		{"remove", &pb.Remove{Path: odd, ExpectedSha256: digest, OnlyEmptyDirectory: true}},
		{"set mode, empty", &pb.SetMode{}},
		{"set mode", &pb.SetMode{Path: odd, Mode: 0o7777}},
		{"apply commit", &pb.ApplyCommit{}},
		{"apply response, empty", &pb.ApplyResponse{}},
		{"apply response", &pb.ApplyResponse{CreatedCount: 1, ReplacedCount: math.MaxUint32, RemovedCount: 2, BytesWritten: math.MaxUint64}},
		{"files failure, empty", &pb.FilesFailure{}},
		{"files failure", &pb.FilesFailure{Path: odd, DiskFull: true}},
	}
	for _, step := range steps {
		all = append(all, sample{"apply step", step})
	}
	return all
}
