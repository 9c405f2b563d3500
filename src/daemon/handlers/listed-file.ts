// An entry of a directory in the contract's words.

import type { ResultOf } from "../../operations/registry.js";
import type { ListedFile } from "../../workspace/files/list-files.js";

export function formatListedFile(entry: ListedFile): ResultOf<"workspace_file_list">["entries"][number] {
  return {
    path: entry.path,
    artifact_type: entry.artifactType,
    size_bytes: entry.sizeBytes,
    link_target: entry.linkTarget,
    mode: entry.mode,
  };
}
