// Workspaces as a user meets them: through the daemon, from a project of 10,000 files or of 200.

import { setTimeout } from "node:timers/promises";
import { requireSuccess, TRUE_COMMAND } from "../../src/bench/one-shot.js";
import { sample, timeMs } from "../../src/bench/sample.js";
import type { Client } from "../../src/client/client.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";
import { BenchProject, LARGE, SMALL, type ProjectSize } from "../project.js";

const PARK_TIMEOUT_MS = 30_000;
const LOOK_INTERVAL_MS = 50;
const LINES_PER_FILE = Math.floor(LARGE.totalBytes / LARGE.fileCount / 64);

async function create(client: Client, environment: string, project: BenchProject): Promise<string> {
  const input = { environment, seed_path: project.directory };
  return (await client.invoke("workspace_create", input)).workspace_id;
}

async function exec(client: Client, workspace_id: string, command: readonly string[]): Promise<void> {
  const argv = [...command];
  requireSuccess(
    await client.invoke("workspace_exec", { workspace_id, command: argv, timeout_seconds: 300 }),
  );
}

async function remove(client: Client, workspace_id: string): Promise<void> {
  await client.invoke("workspace_delete", { workspace_id });
}

/** What a former scenario has left parked would be taken for this one's. */
async function evictParked(client: Client): Promise<void> {
  await client.invoke("env_prune", {});
}

/** Returns when a guest on some layer is parked. Polls: nobody tells. */
async function awaitParked({ client, signal }: DeveloperContext): Promise<void> {
  const deadline = performance.now() + PARK_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const { pool } = await client.invoke("daemon_status", {});
    if (pool.parked.some(({ layer_id: layer }) => layer !== null)) return;
    await setTimeout(LOOK_INTERVAL_MS, undefined, { signal });
  }
  throw new Error("no guest with the project was parked");
}

interface Prepared {
  readonly project: BenchProject;
  readonly workspaceId: string;
}

/** Measures in one workspace of a project, which is made before and gone afterwards. */
function inWorkspace(
  facts: Pick<DeveloperScenario, "name" | "title" | "goal" | "runs">,
  size: ProjectSize,
  measure: (context: DeveloperContext, prepared: Prepared, run: number) => Promise<number>,
): DeveloperScenario {
  return {
    ...facts,
    unit: "ms",
    async run(context) {
      await using project = await BenchProject.create(size);
      await evictParked(context.client);
      const workspaceId = await create(context.client, context.environment, project);
      let run = 0;
      const values = await sample(context, () => measure(context, { project, workspaceId }, run++));
      await remove(context.client, workspaceId);
      return values;
    },
  };
}

const createFirst: DeveloperScenario = {
  name: "workspace-create-first",
  title: "create from 10,000 files, 65 MB → first exec, a seed not seen before",
  unit: "ms",
  goal: 1_200,
  runs: 5,
  async run(context) {
    const { client } = context.unpooled;
    await using project = await BenchProject.create(LARGE);
    let version = 1;
    return await sample(context, async () => {
      await project.write(0, LINES_PER_FILE, version++);
      let workspaceId = "";
      const taken = await timeMs(async () => {
        workspaceId = await create(client, context.environment, project);
        await exec(client, workspaceId, TRUE_COMMAND);
      });
      await remove(client, workspaceId);
      return taken;
    });
  },
};

/** `evict`: nothing may be parked, but the seed is captured. */
function createAgain(
  facts: Pick<DeveloperScenario, "name" | "title" | "goal">,
  evict: boolean,
): DeveloperScenario {
  return {
    ...facts,
    unit: "ms",
    runs: 8,
    async run(context) {
      const { client, environment } = context;
      await using project = await BenchProject.create(LARGE);
      await evictParked(client);
      await remove(client, await create(client, environment, project));
      return await sample(context, async () => {
        await awaitParked(context);
        if (evict) await evictParked(client);
        let workspaceId = "";
        const taken = await timeMs(async () => {
          workspaceId = await create(client, environment, project);
          await exec(client, workspaceId, TRUE_COMMAND);
        });
        await remove(client, workspaceId);
        return taken;
      });
    },
  };
}

function resetExec(
  facts: Pick<DeveloperScenario, "name" | "title" | "goal">,
  evict: boolean,
): DeveloperScenario {
  return inWorkspace({ ...facts, runs: 15 }, SMALL, async (context, { workspaceId }) => {
    const { client } = context;
    await awaitParked(context);
    if (evict) await evictParked(client);
    return timeMs(async () => {
      await client.invoke("workspace_reset", { workspace_id: workspaceId });
      await exec(client, workspaceId, TRUE_COMMAND);
    });
  });
}

async function snapshot(client: Client, workspace_id: string): Promise<number> {
  const snapshot_name = "bench";
  const taken = await timeMs(() => client.invoke("snapshot_create", { workspace_id, snapshot_name }));
  await client.invoke("snapshot_delete", { workspace_id, snapshot_name });
  return taken;
}

const GIT_DIFF_20 = "for i in $(seq 0 500 9500); do echo changed >> dir-$((i / 25))/file-$i.txt; done";
/** In one process: 50,000 runs of cp take a guest five minutes. */
const MANY_FILES = `
import os
for number in range(500):
    os.makedirs(f"/data/{number}")
    for name in range(100):
        with open(f"/data/{number}/{name}", "wb") as file:
            file.write(os.urandom(16384))
`;

export const WORKSPACE_SCENARIOS: readonly DeveloperScenario[] = [
  createFirst,
  createAgain(
    { name: "workspace-create-again", title: "the same, the same seed again, guest started", goal: 400 },
    true,
  ),
  createAgain(
    { name: "workspace-create-parked", title: "the same, the same seed again, guest parked", goal: 30 },
    false,
  ),
  resetExec(
    { name: "workspace-reset-parked", title: "reset → first exec, 200 files, guest parked", goal: 30 },
    false,
  ),
  resetExec(
    { name: "workspace-reset", title: "reset → first exec, 200 files, guest started", goal: 200 },
    true,
  ),
  inWorkspace(
    {
      name: "workspace-snapshot-small",
      title: "snapshot of a running workspace, little changed",
      goal: 40,
      runs: 15,
    },
    SMALL,
    ({ client }, { workspaceId }) => snapshot(client, workspaceId),
  ),
  inWorkspace(
    { name: "workspace-snapshot-10000", title: "snapshot with 10,000 files changed", goal: 350, runs: 8 },
    LARGE,
    async ({ client }, { workspaceId }, run) => {
      if (run === 0) await exec(client, workspaceId, ["sh", "-c", "find . -name '*.txt' | xargs touch"]);
      return snapshot(client, workspaceId);
    },
  ),
  inWorkspace(
    {
      name: "workspace-snapshot-800mb",
      title: "snapshot with 50,000 files and 800 MB changed",
      goal: 3_000,
      runs: 3,
    },
    SMALL,
    async ({ client }, { workspaceId }, run) => {
      if (run === 0) await exec(client, workspaceId, ["python3", "-c", MANY_FILES]);
      return snapshot(client, workspaceId);
    },
  ),
  inWorkspace(
    { name: "workspace-diff", title: "diff of the 10,000 files with 20 changed", goal: 600, runs: 8 },
    LARGE,
    async ({ client }, { workspaceId }, run) => {
      if (run === 0) await exec(client, workspaceId, ["bash", "-c", GIT_DIFF_20]);
      return timeMs(() => client.invoke("workspace_diff", { workspace_id: workspaceId }));
    },
  ),
  inWorkspace(
    { name: "workspace-patch", title: "patch of 20 files", goal: 150, runs: 10 },
    SMALL,
    ({ client }, { workspaceId }, run) => {
      const patch = Array.from({ length: 20 }, (_, index) => patchOf(index, run)).join("");
      return timeMs(() => client.invoke("workspace_patch_apply", { workspace_id: workspaceId, patch }));
    },
  ),
  inWorkspace(
    { name: "workspace-push", title: "sync push with 20 changed files out of 10,000", goal: 800, runs: 5 },
    LARGE,
    async ({ client }, { project, workspaceId }, run) => {
      for (let index = 0; index < 20; index++) await project.write(index * 500, LINES_PER_FILE, run + 2);
      return timeMs(() =>
        client.invoke("workspace_sync_push", { workspace_id: workspaceId, source_path: project.directory }),
      );
    },
  ),
  inWorkspace(
    { name: "workspace-file-read", title: "read of a file of 10 KB", goal: 8, runs: 30 },
    SMALL,
    async ({ client }, { workspaceId }, run) => {
      if (run === 0) await writeText(client, workspaceId);
      return timeMs(() =>
        client.invoke("workspace_file_read", { workspace_id: workspaceId, path: "bench.txt" }),
      );
    },
  ),
  inWorkspace(
    { name: "workspace-file-write", title: "write of a file of 10 KB", goal: 8, runs: 30 },
    SMALL,
    ({ client }, { workspaceId }) => timeMs(() => writeText(client, workspaceId)),
  ),
  {
    name: "workspace-git-status",
    title: "first git status in the guest of the 10,000 files",
    unit: "ms",
    goal: 500,
    runs: 5,
    async run(context) {
      await using project = await BenchProject.create(LARGE);
      return await sample(context, async () => {
        const workspaceId = await create(context.client, context.environment, project);
        const taken = await timeMs(() => exec(context.client, workspaceId, ["git", "status", "--short"]));
        await remove(context.client, workspaceId);
        return taken;
      });
    },
  },
  inWorkspace(
    { name: "workspace-stop-start", title: "stop → start → first exec, 200 files", goal: 350, runs: 10 },
    SMALL,
    ({ client }, { workspaceId }) =>
      timeMs(async () => {
        await client.invoke("workspace_stop", { workspace_id: workspaceId });
        await client.invoke("workspace_start", { workspace_id: workspaceId });
        await exec(client, workspaceId, TRUE_COMMAND);
      }),
  ),
  inWorkspace(
    {
      name: "workspace-exec",
      title: "exec of /bin/true in a workspace, through the daemon",
      goal: 12,
      runs: 30,
    },
    SMALL,
    ({ client }, { workspaceId }) => timeMs(() => exec(client, workspaceId, TRUE_COMMAND)),
  ),
];

async function writeText(client: Client, workspace_id: string): Promise<void> {
  await client.invoke("workspace_file_write", { workspace_id, path: "bench.txt", text: "x".repeat(10_240) });
}

/** Adds a line at the top of a file in the first run, and replaces it in those that follow. */
function patchOf(index: number, run: number): string {
  const name = BenchProject.nameOf(index);
  const former = run === 0 ? "" : `-run ${run - 1}\n`;
  const header = run === 0 ? "@@ -0,0 +1,1 @@" : "@@ -1,1 +1,1 @@";
  return `--- a/${name}\n+++ b/${name}\n${header}\n${former}+run ${run}\n`;
}
