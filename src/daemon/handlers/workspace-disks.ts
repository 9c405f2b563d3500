// Disks of stopped workspaces.

import { PyroError } from "../../contract/errors.js";
import { checkOnDisk, DISK_ROOT, isMounted } from "../../workspace/disk/disk-path.js";
import { exportDisk } from "../../workspace/disk/export-disk.js";
import { visitDisk } from "../../workspace/disk/visit-disk.js";
import { listFiles } from "../../workspace/files/list-files.js";
import { readFile } from "../../workspace/files/read-file.js";
import { ensureHelperProgram } from "../../network/helper-program.js";
import type { Handler } from "../handler.js";
import { formatListedFile } from "./listed-file.js";
import { protectedPathsOf, requireAbsolute, tellBytes } from "./host-output.js";

export const listWorkspaceDisk: Handler<"workspace_disk_list"> = async (services, input, { signal }) => {
  const workspace = services.workspaces.get(input.workspace_id);
  const { path, recursive } = input;
  checkOnDisk(path);
  const listed = await visitDisk(services.workspaceParts, workspace, signal, (agent, both) =>
    listFiles({ files: agent.files(DISK_ROOT), path, recursive, signal: both, root: DISK_ROOT }),
  );
  return {
    workspace_id: workspace.id,
    path: listed.path,
    recursive,
    entries: listed.entries.filter((entry) => !isMounted(entry.path)).map(formatListedFile),
    truncated: listed.truncated,
  };
};

export const readWorkspaceDisk: Handler<"workspace_disk_read"> = async (services, input, { signal }) => {
  const workspace = services.workspaces.get(input.workspace_id);
  const { path, offset, max_bytes: maxBytes } = input;
  checkOnDisk(path);
  const text = await visitDisk(services.workspaceParts, workspace, signal, (agent, both) =>
    readFile({ files: agent.files(DISK_ROOT), path, offset, maxBytes, signal: both, root: DISK_ROOT }),
  );
  return {
    workspace_id: workspace.id,
    path: text.path,
    size_bytes: text.sizeBytes,
    offset: text.offset,
    max_bytes: maxBytes,
    content: text.content,
    truncated: text.truncated,
    redacted: workspace.secrets.redactor.finds(text.content),
    next_offset: text.nextOffset,
  };
};

export const exportWorkspaceDisk: Handler<"workspace_disk_export"> = async (services, input, context) => {
  const workspace = services.workspaces.get(input.workspace_id);
  const { output_path: outputPath } = input;
  requireAbsolute("output_path", outputPath);
  const program = await ensureHelperProgram(services.settings.stateDir).catch((cause: unknown) => {
    throw new PyroError("not_yet_available", "this package has no program that makes images", { cause });
  });
  const tell = tellBytes(context.onEvent, "disk-export", workspace.id);
  const { sizeBytes, bytesWritten } = await visitDisk(
    services.workspaceParts,
    workspace,
    context.signal,
    (agent, signal) =>
      exportDisk({
        agent,
        program,
        outputPath,
        protectedPaths: protectedPathsOf(services),
        journal: services.exports,
        onProgress: tell,
        signal,
      }),
  );
  await workspace.history.noteExport(DISK_ROOT, outputPath);
  return {
    workspace_id: workspace.id,
    output_path: outputPath,
    disk_format: "ext4",
    size_bytes: sizeBytes,
    bytes_written: bytesWritten,
  };
};
