// Input and result fields that the operations on workspaces share.

import { z } from "zod";
import { bounded, engineLabel, executionMode, inputFields } from "../contract/fields.js";
import { isWorkspaceId } from "../contract/ids.js";
import { NETWORK_POLICIES } from "../contract/network.js";
import {
  NAME_MAX,
  PLAIN_NAME,
  REDACTED_MIN_BYTES,
  TEXT_FILE_MAX_BYTES,
  WORKSPACE_TTL_SECONDS,
} from "../contract/limits.js";

const LABELS_MAX = 64;
const LABEL_VALUE_MAX = 256;
/** Linux's own limit for a path, bytes. */
const PATH_MAX = 4096;

export const plainName = z
  .string()
  .regex(PLAIN_NAME, "1 to 64 letters, digits, `.`, `_` or `-` are needed, a letter or digit first");

export const workspaceIdInput = z
  .string()
  .min(1)
  .max(NAME_MAX)
  .describe("Id `ws_…` of the workspace, or its name");

export const workspaceIdOnly = z.strictObject({ workspace_id: workspaceIdInput });

export const nameInput = z
  .string()
  .min(1)
  .max(NAME_MAX)
  // A name that looks like an id would stand for two workspaces; one of several lines would forge output.
  .refine((name) => !isWorkspaceId(name), "a name must not look like an id")
  .refine((name) => !/\p{Cc}/u.test(name), "a name must not hold control characters");

export const labelsInput = z
  .record(plainName, z.string().max(LABEL_VALUE_MAX))
  .refine((labels) => Object.keys(labels).length <= LABELS_MAX, `at most ${LABELS_MAX} labels are allowed`);

/** A path in the guest. */
export const guestPath = z.string().min(1).max(PATH_MAX);

/** A path on the host of the caller. */
export const hostPath = z.string().min(1).max(PATH_MAX);

/** The content of a file or a patch. */
export const largeText = z
  .string()
  .refine(
    (text) => Buffer.byteLength(text) <= TEXT_FILE_MAX_BYTES,
    `at most ${TEXT_FILE_MAX_BYTES} bytes are allowed`,
  );

export const workspaceShapeInput = {
  environment: inputFields.environmentOrDefault,
  vcpu_count: inputFields.vcpuCount,
  mem_mib: inputFields.memMib,
  ttl_seconds: bounded(WORKSPACE_TTL_SECONDS, "Seconds from the last activity to the stop"),
  network_policy: z
    .enum(NETWORK_POLICIES)
    .default("off")
    .describe(
      "`off`: nothing; `egress`: the internet, not this host; `egress+published-ports`: services' ports, too",
    ),
  allow_host_compat: inputFields.allowHostCompat,
} as const;

export const skippedPaths = {
  skipped: z
    .array(z.object({ path: z.string(), reason: z.string() }))
    .describe("What was left out, and why; the first of them"),
  skipped_count: z.int().describe("How many were left out"),
} as const;

/** One command of a workspace, in short. */
export const commandRecord = z.object({
  sequence: z.int().describe("Number of the command since the last reset, from 1"),
  command: z.string(),
  cwd: z.string(),
  exit_code: z.int().nullable().describe("Null when the command was interrupted with its guest"),
  duration_ms: z.number().describe("Milliseconds"),
  execution_mode: executionMode,
});

export const workspaceState = z
  .enum(["created", "started", "stopped"])
  .describe("`stopped`: no guest runs; files, packages and logs are kept");

/** Present in the answer of the first use after a guest had died. */
export const recovery = z
  .object({
    recovered_at: z.number().describe("Unix time, seconds"),
    reason: z.string().describe("How the guest was lost"),
    restored_at: z.number().describe("Of when the restored files are: Unix time, seconds"),
    missing_commands: z
      .array(z.object({ sequence: z.int(), command: z.string() }))
      .describe("Commands after that: their effects are lost"),
    missing_edit_count: z.int().describe("Writes, patches and pushes after that, lost too"),
  })
  .describe("The guest had died: the workspace was brought back to an earlier state");

export const workspaceSeed = z
  .object({
    mode: z.enum(["empty", "directory", "tar_archive"]),
    seed_path: z.string().nullable(),
    origin_kind: z.enum(["empty", "directory", "git", "archive"]),
    origin_ref: z.string().nullable().describe("Of a Git checkout: branch and commit"),
    destination: z.string(),
    entry_count: z.int().describe("Files, directories and links"),
    bytes_written: z.number(),
    ...skippedPaths,
  })
  .describe("What the workspace began with");

const secretRecord = z.object({
  name: z.string(),
  source_kind: z.enum(["literal", "file"]),
  redacted: z
    .boolean()
    .describe(`False: shorter than ${REDACTED_MIN_BYTES} bytes, so that output shows it as it is`),
});

export const workspaceRecord = z.object({
  workspace_id: z.string(),
  name: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  environment: z.string(),
  environment_version: z.string(),
  state: workspaceState,
  vcpu_count: z.int().describe("Virtual CPUs"),
  mem_mib: z.int().describe("Memory, MiB"),
  ttl_seconds: z.int().describe("From the last activity to the stop, seconds"),
  created_at: z.number().describe("Unix time, seconds"),
  last_activity_at: z.number().describe("Unix time, seconds"),
  expires_at: z.number().describe("When it is stopped by itself; once stopped, when it is removed"),
  workspace_path: z.string().describe("Where the files are in the guest"),
  workspace_seed: workspaceSeed,
  execution_mode: executionMode,
  engine: engineLabel.nullable().describe("What runs the guest; null until it has started"),
  allow_host_compat: z.boolean(),
  network_policy: z.string(),
  network_enabled: z.boolean(),
  guest_ip: z.string().nullable(),
  secrets: z.array(secretRecord).describe("Secrets, without their values"),
  command_count: z.int().describe("Since the last reset"),
  last_command: commandRecord.nullable(),
  reset_count: z.int(),
  last_reset_at: z.number().nullable(),
  snapshot_count: z.int().describe("Named snapshots, without the baseline"),
  service_count: z.int(),
  running_service_count: z.int(),
  disk_bytes: z.number().describe("On the host's disk: changes, layers and logs"),
  memory_bytes: z.number().describe("Of the running guest; 0 when none runs"),
  recovered_at: z.number().nullable().describe("When it was last brought back after its guest had died"),
  last_error: z.string().nullable().describe("What went wrong last, and still holds"),
  recovery: recovery.optional(),
});

export const snapshotRecord = z.object({
  snapshot_name: z.string(),
  kind: z.enum(["baseline", "named"]),
  created_at: z.number().describe("Unix time, seconds"),
  size_bytes: z.number().describe("On the host's disk"),
  deletable: z.boolean(),
});

export const artifactType = z.enum(["file", "directory", "symlink", "other"]);

export const changeSummary = z.object({
  total: z.int(),
  added: z.int(),
  modified: z.int(),
  deleted: z.int(),
  type_changed: z.int(),
  mode_changed: z.int(),
  text_patched: z.int().describe("Entries that the text patch holds"),
  non_text: z.int().describe("Binary files and other entries that a text patch cannot hold"),
});

export const changeEntry = z.object({
  path: z.string().describe("Relative to /workspace"),
  status: z.enum(["added", "modified", "deleted", "type_changed", "mode_changed"]),
  artifact_type: artifactType,
  old_size_bytes: z.number().nullable().describe("Null when it was added"),
  size_bytes: z.number().nullable().describe("Null when it was deleted"),
  old_mode: z.string().nullable().describe("Permissions before, octal"),
  mode: z.string().nullable().describe("Permissions now, octal, such as `0644`"),
  in_patch: z.boolean().describe("Whether the patch makes the whole change"),
});
