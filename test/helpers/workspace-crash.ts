// kill -9 of the daemon in the middle of an act on a workspace, and what must hold afterwards: each workspace is whole,
// before the act or after it, or cleanly absent.

import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "vitest";
import type { Client } from "../../src/client/client.js";
import { connectClient, daemonStatus } from "./connected-client.js";
import { daemonOf, killProcess } from "./daemon.js";
import { expectNothingLeftBut } from "./nothing-left.js";
import { awaitAnotherParked } from "./parked-guests.js";
import { seededRandom } from "./seeded-random.js";
import type { Connected } from "./use-client.js";
import { createWorkspace, makeProject, sh } from "./workspace.js";

const ACTS = ["create", "snapshot", "reset", "export", "delete", "stop", "start", "push", "patch"] as const;
type Act = (typeof ACTS)[number];

export interface CrashRound {
  readonly act: Act;
  /** After the act was begun. */
  readonly delayMs: number;
}

/** Acts take about this long on a quiet host; the moments of the kills spread over it. */
const LONGEST_MS: Readonly<Record<Act, number>> = {
  create: 250,
  snapshot: 60,
  reset: 200,
  export: 60,
  delete: 40,
  stop: 80,
  start: 200,
  push: 60,
  patch: 30,
};
/** What claims a parked guest is much faster. */
const LONGEST_PARKED_MS = { ...LONGEST_MS, create: 60, reset: 60 };
const PROJECT = { "a.txt": "a\n", "b/c.txt": "c\n" };
const PATCH = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-a\n+patched\n";

/** `count` rounds of every act. */
export function crashRounds(count: number, seed: number, isPoolOn: boolean): CrashRound[] {
  const random = seededRandom(seed);
  const longestMs = isPoolOn ? LONGEST_PARKED_MS : LONGEST_MS;
  return Array.from({ length: count }).flatMap(() =>
    ACTS.map((act) => ({ act, delayMs: Math.round(random() * longestMs[act]) })),
  );
}

/** One round. Another daemon runs afterwards, and no workspace is left. */
export async function crash(connected: Connected, { act, delayMs }: CrashRound): Promise<void> {
  const { client, pyro } = connected;
  const project = await makeProject(pyro, PROJECT);
  const { pool } = await daemonStatus(client);
  const { workspace_id } = await createWorkspace(client, { seed_path: project, name: "witness" });
  await sh(client, workspace_id, "echo work > work");
  await client.invoke("snapshot_create", { workspace_id, snapshot_name: "kept" });
  // An act that claims a guest finds one, where the pool is on.
  if (pool.enabled && (act === "create" || act === "reset")) await awaitAnotherParked(client, pool.parked);
  if (act === "start") await client.invoke("workspace_stop", { workspace_id });
  const output_path = path.join(pyro.directory, "exported");
  const daemon = await daemonOf(client);
  const ended = begin(client, act, { workspace_id, project, output_path }).then(
    () => true,
    () => false,
  );
  await setTimeout(delayMs);
  await killProcess(daemon);
  const wasAnswered = await ended;

  await connectClient(pyro);
  const { workspaces } = await client.invoke("workspace_list", {});
  for (const each of workspaces) expect(each.problem).toBeNull();
  const names = workspaces.map(({ name }) => name);
  expect(names.filter((name) => name !== "witness" && name !== "made")).toEqual([]);
  if (act === "create" && wasAnswered) expect(names).toContain("made");
  if (act === "delete" && wasAnswered) expect(names).not.toContain("witness");
  if (act !== "delete") expect(names).toContain("witness");
  for (const name of names) await expectWhole(client, name ?? "", { act, wasAnswered });
  await expectExport(pyro.directory, output_path, act === "export" && wasAnswered);
  for (const name of names) await client.invoke("workspace_delete", { workspace_id: name ?? "" });
  await expectNothingLeftBut(connected, (status) => status.pool.parked);
}

interface Target {
  readonly workspace_id: string;
  readonly project: string;
  readonly output_path: string;
}

// The call ends with the daemon, and starts no other.
async function begin(
  client: Client,
  act: Act,
  { workspace_id, project, output_path }: Target,
): Promise<void> {
  const call = () => {
    switch (act) {
      case "create":
        return client.invokeIfRunning("workspace_create", {
          environment: "debian:12-base",
          seed_path: project,
          name: "made",
        });
      case "snapshot":
        return client.invokeIfRunning("snapshot_create", { workspace_id, snapshot_name: "new" });
      case "reset":
        return client.invokeIfRunning("workspace_reset", { workspace_id });
      case "export":
        return client.invokeIfRunning("workspace_export", { workspace_id, path: ".", output_path });
      case "delete":
        return client.invokeIfRunning("workspace_delete", { workspace_id });
      case "stop":
        return client.invokeIfRunning("workspace_stop", { workspace_id });
      case "start":
        return client.invokeIfRunning("workspace_start", { workspace_id });
      case "push":
        return client.invokeIfRunning("workspace_sync_push", {
          workspace_id,
          source_path: project,
          dest: "pushed",
        });
      case "patch":
        return client.invokeIfRunning("workspace_patch_apply", { workspace_id, patch: PATCH });
    }
  };
  if ((await call()) === undefined) throw new Error("no daemon answered");
}

/** Its files are those of before the act or of after it, its snapshots can be gone back to. */
async function expectWhole(
  client: Client,
  name: string,
  { act, wasAnswered }: { act: Act; wasAnswered: boolean },
): Promise<void> {
  const files = await sh(client, name, "cat a.txt b/c.txt; cat work 2>/dev/null || echo none");
  const [a, c, work] = files.trimEnd().split("\n");
  expect(c).toBe("c");
  expect(act === "patch" ? ["a", "patched"] : ["a"]).toContain(a);
  if (act === "patch" && wasAnswered) expect(a).toBe("patched");
  if (name === "made" || (act === "reset" && wasAnswered)) expect(work).toBe("none");
  else if (act !== "reset") expect(work).toBe("work");
  if (name === "made") return;
  const { snapshots } = await client.invoke("snapshot_list", { workspace_id: name });
  const names = snapshots.map((each) => each.snapshot_name);
  expect(names).toContain("kept");
  if (act === "snapshot" && wasAnswered) expect(names).toContain("new");
  for (const snapshot of names.filter((each) => each !== "baseline")) {
    await client.invoke("workspace_reset", { workspace_id: name, snapshot });
    expect(await sh(client, name, "cat work")).toBe("work\n");
  }
}

/** The whole tree or nothing, and no staging directory. */
async function expectExport(directory: string, outputPath: string, isThere: boolean): Promise<void> {
  const names = await readdir(directory);
  expect(names.filter((name) => name.startsWith(".pyro-export-"))).toEqual([]);
  const exported = await readdir(outputPath).catch(() => undefined);
  if (isThere) expect(exported).toBeDefined();
  if (!exported) return;
  expect(exported.sort()).toEqual(["a.txt", "b", "work"]);
  expect((await stat(path.join(outputPath, "b", "c.txt"))).size).toBe(2);
  await rm(outputPath, { recursive: true });
}
