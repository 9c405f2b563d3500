// Images of a registry on loopback: the default environment as one, which has 216 MB on the disk.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { sample, timeMs } from "../../src/bench/sample.js";
import { findProcesses } from "../../src/platform/find-processes.js";
import { BenchPyro } from "../bench-pyro.js";
import type { DeveloperContext, DeveloperScenario } from "../context.js";
import { serveLayout } from "../layout-registry.js";

/** A pull takes seconds. */
const LOOK_EVERY_MS = 50;

/** Calls `act` with the reference of the image. */
async function withImage<Result>(
  { client, environment }: DeveloperContext,
  act: (reference: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(path.join(tmpdir(), "pyro-bench-image-"));
  const { workspace_id } = await client.invoke("workspace_create", { environment });
  try {
    const output = path.join(directory, "layout");
    await client.invoke("snapshot_export", { workspace_id, snapshot_name: "baseline", output });
    await using registry = await serveLayout(output);
    return await act(registry.reference);
  } finally {
    await client.invoke("workspace_delete", { workspace_id });
    await rm(directory, { recursive: true });
  }
}

/** Calls `act` with a pyro that has no environment yet. */
async function withEmptyCache<Result>(act: (pyro: BenchPyro) => Promise<Result>): Promise<Result> {
  await using pyro = await BenchPyro.create({ pool: false, emptyCache: true });
  // The daemon runs before anything is measured.
  await pyro.client.invoke("daemon_status", {});
  return await act(pyro);
}

const pull: DeveloperScenario = {
  name: "image-pull",
  title: "pull and unpack of an image of 216 MB from loopback",
  unit: "ms",
  goal: 6000,
  runs: 5,
  run: (context) =>
    withImage(context, (environment) =>
      sample(context, () =>
        withEmptyCache(({ client }) => timeMs(() => client.invoke("env_pull", { environment }))),
      ),
    ),
};

const pullMemory: DeveloperScenario = {
  name: "image-pull-memory",
  title: "memory of the helper meanwhile, at most",
  unit: "MB",
  goal: 150,
  runs: 2,
  run: (context) =>
    withImage(context, (environment) =>
      sample(context, () =>
        withEmptyCache(async ({ client }) => {
          await using peak = watchHelper();
          await client.invoke("env_pull", { environment });
          return peak.bytes() / 1e6;
        }),
      ),
    ),
};

const pullAgain: DeveloperScenario = {
  name: "image-pull-again",
  title: "second pull of that image",
  unit: "ms",
  goal: 100,
  runs: 20,
  run: (context) =>
    withImage(context, (environment) =>
      withEmptyCache(async ({ client }) => {
        await client.invoke("env_pull", { environment });
        return await sample(context, () => timeMs(() => client.invoke("env_pull", { environment })));
      }),
    ),
};

/** The first run of the image after its pull, by `run`. */
function firstRun(
  facts: Pick<DeveloperScenario, "name" | "title" | "goal">,
  run: (pyro: BenchPyro, environment: string, context: DeveloperContext) => Promise<unknown>,
): DeveloperScenario {
  return {
    ...facts,
    unit: "ms",
    runs: 5,
    run: (context) =>
      withImage(context, (environment) =>
        // One daemon: its very first guest, which the warm-up starts, probes the engine.
        withEmptyCache((pyro) =>
          sample(context, async () => {
            await pyro.client.invoke("env_pull", { environment });
            const taken = await timeMs(() => run(pyro, environment, context));
            await pyro.client.invoke("env_prune", { images: true });
            return taken;
          }),
        ),
      ),
  };
}

const firstRunOfDaemon = firstRun(
  { name: "image-first-run", title: "first run of the image after its pull, through the daemon", goal: 250 },
  ({ client }, environment) => client.invoke("vm_run", { environment, command: ["true"] }),
);

const firstRunOfCli = firstRun(
  {
    name: "image-first-cli-run",
    title: "the same by `pyro run IMAGE -- true`, the whole process",
    goal: undefined,
  },
  (pyro, environment, { signal }) => pyro.cli(["run", environment, "--", "true"], signal),
);

/** Looks at the image helper's peak of resident memory, VmHWM of proc(5), until it is disposed of. */
function watchHelper(): AsyncDisposable & { readonly bytes: () => number } {
  let peakBytes = 0;
  const look = async () => {
    for (const { pid } of await findProcesses(([program, room]) => isHelper(program, room))) {
      // It may have ended in between.
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      peakBytes = Math.max(peakBytes, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
    }
  };
  let looked = Promise.resolve();
  const timer = setInterval(() => {
    looked = looked.then(look);
  }, LOOK_EVERY_MS);
  return {
    bytes: () => peakBytes,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looked;
    },
  };
}

function isHelper(program = "", room = ""): boolean {
  return path.basename(program) === "pyro-helper" && room === "image";
}

export const IMAGE_SCENARIOS: readonly DeveloperScenario[] = [
  pull,
  pullMemory,
  pullAgain,
  firstRunOfDaemon,
  firstRunOfCli,
];
