// docs/use-cases/parallel-workspaces.md: several ideas at once, each in a workspace of its own; the best one is kept.

import type { Agent } from "./agent.js";
import type { Smoke } from "./smoke.js";

const TESTS = "PYTHONDONTWRITEBYTECODE=1 python3 -m unittest";
const ATTEMPTS = ["round-down", "round-up", "at-least-one"] as const;
/** The only one that passes all tests. */
const BEST = "round-up";
/** Three guests at once, also where memory is short. */
const MEM_MIB = 256;

export const PARALLEL_WORKSPACES: Smoke = {
  name: "parallel-workspaces",
  async run(stage) {
    const agent = await stage.connect(["--mode", "repro-fix"]);
    const patches = await Promise.all(ATTEMPTS.map((name) => stage.fixture(`attempts/${name}.patch`)));
    const results = await Promise.all(
      ATTEMPTS.map((name, index) => attempt(agent, name, patches[index] ?? "")),
    );

    const { count, workspaces } = await agent.call("workspace_list", {});
    const names = workspaces.map(({ name }) => name ?? "").sort();
    const isListed = count === ATTEMPTS.length && names.join() === [...ATTEMPTS].sort().join();
    stage.prove(isListed, `${count} workspaces run side by side, told apart by name: ${names.join(", ")}`);
    for (const { name, exitCode } of results) {
      stage.prove((exitCode === 0) === (name === BEST), `${name}: the tests end with ${exitCode}`);
    }
    for (const workspace_id of ATTEMPTS) {
      const { stdout } = await agent.call("workspace_exec", {
        workspace_id,
        command: "ls /tmp | grep ^written-by-",
      });
      const isAlone = stdout.trim() === markerOf(workspace_id);
      stage.prove(isAlone, `${workspace_id}: what the others wrote into their /tmp is not in its own`);
    }
    const kernels = new Set(results.map(({ bootId }) => bootId));
    stage.prove(kernels.size === ATTEMPTS.length, "each has a kernel of its own");

    const passing = results.filter(({ exitCode }) => exitCode === 0);
    stage.prove(passing.length === 1 && passing[0]?.name === BEST, `${BEST} alone passes, and is kept`);
    await stage.proveApplies(passing[0]?.patch ?? "");
    for (const workspace_id of ATTEMPTS) {
      if (workspace_id === BEST) continue;
      await agent.call("workspace_delete", { workspace_id });
    }
    const kept = await agent.call("workspace_exec", { workspace_id: BEST, command: TESTS });
    stage.prove(kept.exit_code === 0, "the one that is kept works on when the others are deleted");
    await agent.call("workspace_delete", { workspace_id: BEST });
    await stage.proveProjectUntouched();
  },
};

interface Attempt {
  readonly name: string;
  readonly exitCode: number;
  readonly patch: string;
  readonly bootId: string;
}

async function attempt(agent: Agent, name: string, patch: string): Promise<Attempt> {
  const workspace_id = name;
  const exec = (command: string) => agent.call("workspace_exec", { workspace_id, command });
  await agent.call("workspace_create", { name, mem_mib: MEM_MIB, labels: { task: "page-count" } });
  await agent.call("workspace_patch_apply", { workspace_id, patch });
  const tests = await exec(TESTS);
  await exec(`touch /tmp/${markerOf(name)}`);
  const kernel = await exec("cat /proc/sys/kernel/random/boot_id");
  const diff = await agent.call("workspace_diff", { workspace_id });
  return {
    name,
    exitCode: tests.exit_code,
    patch: diff.patch,
    bootId: kernel.stdout.trim(),
  };
}

/** A file that each writes, under a name of its own. */
function markerOf(name: string): string {
  return `written-by-${name}`;
}
