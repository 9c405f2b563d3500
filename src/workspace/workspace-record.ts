// What is known about a workspace, as its `workspace.json` holds it.

import { randomBytes } from "node:crypto";
import { z } from "zod";
import {
  formatWorkspaceId,
  isLayerId,
  isMachineId,
  isWorkspaceId,
  type LayerId,
  type MachineId,
  type WorkspaceId,
} from "../contract/ids.js";
import { NETWORK_POLICIES } from "../contract/network.js";

const ID_BYTES = 12;

const LayerIdSchema = z.custom<LayerId>((value) => typeof value === "string" && isLayerId(value));

/** The state of the file system that a guest is started from. */
const OriginLayerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("baseline") }),
  z.object({ kind: z.literal("captured"), id: LayerIdSchema }),
]);

const SnapshotSchema = z.object({
  name: z.string(),
  layer: LayerIdSchema,
  /** Unix seconds. */
  createdAt: z.number(),
  sizeBytes: z.number(),
});

const SeedRecordSchema = z.object({
  /** Of the frozen seed; absent for an empty workspace. */
  digest: z.string().optional(),
  mode: z.enum(["empty", "directory", "tar_archive"]),
  path: z.string().optional(),
  originKind: z.enum(["empty", "directory", "git", "archive"]),
  originRef: z.string().optional(),
  entryCount: z.number(),
  contentBytes: z.number(),
  /** The first of them. */
  skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
  skippedCount: z.number(),
});

const SecretRecordSchema = z.object({
  name: z.string(),
  sourceKind: z.enum(["literal", "file"]),
  isRedacted: z.boolean(),
});

/** That the guest had died, and what that has cost. */
const RecoverySchema = z.object({
  recoveredAt: z.number(),
  /** How the guest was lost, in words. */
  reason: z.string(),
  /** Of when the files are that it came back with. */
  restoredAt: z.number(),
  /** Commands that had begun or ended after that. */
  missingCommands: z.array(z.object({ sequence: z.number(), command: z.string() })),
  missingEdits: z.number(),
});

export const WorkspaceRecordSchema = z.object({
  id: z.custom<WorkspaceId>((value) => typeof value === "string" && isWorkspaceId(value)),
  state: z.enum(["started", "stopped"]),
  name: z.string().optional(),
  labels: z.record(z.string(), z.string()),
  environment: z.object({ name: z.string(), version: z.string(), rootfsDir: z.string() }),
  vcpuCount: z.number(),
  memMib: z.number(),
  ttlSeconds: z.number(),
  allowHostCompat: z.boolean(),
  networkPolicy: z.enum(NETWORK_POLICIES).default("off"),
  /** Their values are in the store of secrets. */
  secrets: z.array(SecretRecordSchema).default([]),
  /** Unix seconds, as all times here. */
  createdAt: z.number(),
  /** Of the last change of this record; the journal may know of a later activity. */
  lastActivityAt: z.number(),
  seed: SeedRecordSchema,
  engine: z.object({ name: z.string(), platform: z.string(), securityBoundary: z.boolean() }),
  /** The guest of a started one. */
  machineId: z.custom<MachineId>((value) => typeof value === "string" && isMachineId(value)).optional(),
  /** Counts the resets: journal and output of one life are in a directory of this number. */
  life: z.number(),
  /** What a start begins from; what came after `lineCount` lines of the journal is not in it. */
  resume: z.object({ layer: OriginLayerSchema, lineCount: z.number(), capturedAt: z.number() }),
  snapshots: z.array(SnapshotSchema),
  resetCount: z.number(),
  lastResetAt: z.number().optional(),
  recovery: RecoverySchema.optional(),
});

export type WorkspaceRecord = z.infer<typeof WorkspaceRecordSchema>;
export type OriginLayer = z.infer<typeof OriginLayerSchema>;
export type Snapshot = z.infer<typeof SnapshotSchema>;
export type Recovery = z.infer<typeof RecoverySchema>;
export type SeedRecord = z.infer<typeof SeedRecordSchema>;

export function newWorkspaceId(): WorkspaceId {
  return formatWorkspaceId(randomBytes(ID_BYTES));
}

/** Every captured layer that the record needs. */
export function layersOf({ resume, snapshots }: WorkspaceRecord): LayerId[] {
  const named = snapshots.map(({ layer }) => layer);
  return resume.layer.kind === "captured" ? [resume.layer.id, ...named] : named;
}
