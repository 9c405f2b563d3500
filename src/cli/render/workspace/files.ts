// `workspace file list|read|write`.

import type { ResultOf } from "../../../operations/registry.js";
import { oneLine, statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";

export function renderFileList(result: ResultOf<"workspace_file_list">): Rendering {
  const width = Math.max(...result.entries.map(({ size_bytes: size }) => String(size).length), 1);
  const lines = result.entries.map(
    ({ mode, artifact_type: type, size_bytes: size, path, link_target: target }) =>
      `${mode} ${type.padEnd(9)} ${String(size).padStart(width)} ${oneLine(path)}${target === null ? "" : ` -> ${oneLine(target)}`}\n`,
  );
  const line = statusLine("workspace-file-list", {
    workspace_id: result.workspace_id,
    path: result.path,
    entries: result.entries.length,
    truncated: result.truncated,
  });
  return { stdout: lines.join(""), stderr: line };
}

export function renderFileRead({ content, ...result }: ResultOf<"workspace_file_read">): Rendering {
  const line = statusLine("workspace-file-read", {
    workspace_id: result.workspace_id,
    path: result.path,
    size_bytes: result.size_bytes,
    offset: result.offset,
    truncated: result.truncated,
    redacted: result.redacted ? "yes" : null,
    next_offset: result.next_offset,
  });
  return { content, stderr: line };
}

export function renderFileWrite(result: ResultOf<"workspace_file_write">): Rendering {
  const line = statusLine("workspace-file-write", {
    workspace_id: result.workspace_id,
    path: result.path,
    size_bytes: result.size_bytes,
    bytes_written: result.bytes_written,
    created: result.created,
  });
  return { stdout: line };
}
