// Workspaces over played guests: acts that meet in the same moment, and acts that fail.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { GuestRegistry } from "../../../src/fleet/guest-registry.js";
import type { GuestAgent } from "../../../src/guest/agent.js";
import { newMachineId } from "../../../src/machine/fresh-machines.js";
import { LayerStore } from "../../../src/machine/layers/layer-store.js";
import { SeedStore } from "../../../src/seed/seed-store.js";
import { Baselines } from "../../../src/workspace/baselines.js";
import { SecretStore } from "../../../src/workspace/secrets/secret-store.js";
import { HostPorts } from "../../../src/workspace/services/host-ports.js";
import { WorkspaceStore } from "../../../src/workspace/workspace-store.js";
import { Workspaces } from "../../../src/workspace/workspaces.js";
import { playAgent } from "../guest/played-agent.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";
import { PlayedMachine } from "../machine/played-engine.js";
import { NO_NETWORKS } from "../network/no-networks.js";

const ENVIRONMENT = { name: "debian:12", version: "0.1.0", rootfsDir: "/e/rootfs" };
const SIGNAL = new AbortController().signal;
const HOST = {
  readTotalMemory: () => 2 ** 34,
  readAvailableMemory: () => 2 ** 34,
  readFreeDisk: () => Promise.resolve(2 ** 40),
};
const UNCHANGED = { name: undefined, clearName: false, labels: {}, clearLabels: [] };

async function capture(directory: string) {
  await writeFile(path.join(directory, "files.img"), "captured");
  return { engineBuild: "played" };
}

async function makeWorkspaces() {
  const stateDir = await makeTempDirectory();
  const failures: unknown[] = [];
  const onFailure = (error: unknown) => void failures.push(error);
  const layers = new LayerStore(stateDir);
  const guests = new GuestRegistry({
    stateDir,
    maxActive: 8,
    resources: HOST,
    networks: NO_NETWORKS,
    onFailure,
  });
  const source = { start: () => Promise.resolve(new PlayedMachine(newMachineId())) };
  const workspaces = new Workspaces({
    store: new WorkspaceStore(stateDir),
    secretStore: new SecretStore(stateDir),
    guests,
    layers,
    seeds: new SeedStore({ stateDir }),
    baselines: new Baselines({ stateDir, layers }),
    hostPorts: new HostPorts(),
    scratchDir: path.join(stateDir, "scratch"),
    resolveSource: () => source,
    onFailure,
  });
  /** Of a guest that can be captured or not. */
  const create = async (more: { canCapture?: boolean; ttlSeconds?: number; agent?: GuestAgent } = {}) => {
    const machine = new PlayedMachine(newMachineId(), more.agent);
    const guest = more.canCapture === true ? Object.assign(machine, { capture }) : machine;
    return workspaces.create(
      {
        origin: {
          source: { start: () => Promise.resolve(guest) },
          environment: ENVIRONMENT,
          isIsolated: true,
        },
        seedPath: undefined,
        name: undefined,
        labels: {},
        vcpuCount: 1,
        memMib: 1024,
        ttlSeconds: more.ttlSeconds ?? 600,
        allowHostCompat: false,
        networkPolicy: "off",
        secrets: [],
      },
      { signal: SIGNAL, onProgress: () => undefined },
    );
  };
  return { create, failures, workspaces };
}

test("of two workspaces that ask for one name in the same moment one gets it", async () => {
  const { create, workspaces } = await makeWorkspaces();
  const both = [await create(), await create()];
  const outcomes = await Promise.allSettled(
    both.map(({ id }) => workspaces.update(id, { ...UNCHANGED, name: "wanted" })),
  );
  expect(outcomes).toMatchObject([{ status: "fulfilled" }, { reason: { code: "conflict" } }]);
  expect(both.map(({ record }) => record.name)).toEqual(["wanted", undefined]);
});

test("labels that are set in the same moment are all set", async () => {
  const { create, workspaces } = await makeWorkspaces();
  const { id } = await create();
  await Promise.all([
    workspaces.update(id, { ...UNCHANGED, labels: { a: "1" } }),
    workspaces.update(id, { ...UNCHANGED, labels: { b: "2" } }),
  ]);
  expect(workspaces.get(id).record.labels).toEqual({ a: "1", b: "2" });
});

test("a workspace that cannot be stopped at the end of its time keeps no other from its end", async () => {
  const { create, failures, workspaces } = await makeWorkspaces();
  const stuck = await create({ ttlSeconds: -1 });
  const other = await create({ ttlSeconds: -1, canCapture: true });
  expect(await workspaces.reapExpired()).toEqual([{ id: other.id, act: "stop" }]);
  expect(failures).toContainEqual(expect.objectContaining({ code: "not_yet_available" }));
  expect([stuck, other].map(({ record }) => record.state)).toEqual(["started", "stopped"]);
  // Its guest stands still for each attempt: the next one comes later.
  failures.length = 0;
  expect(await workspaces.reapExpired()).toEqual([]);
  expect(failures).toEqual([]);
});

test("after a stop that failed one listener hears of the guest's services, and whoever starts one is told", async () => {
  const watches: AbortSignal[] = [];
  const tells: ((state: string) => void)[] = [];
  const { agent } = await playAgent({
    supervisor: {
      watchServices: async function* (_request, { signal }) {
        watches.push(signal);
        yield { services: [] };
        for (;;) {
          const state = await new Promise<string>((resolve) => tells.push(resolve));
          yield { services: [{ name: "web", run: 1n, state, startedNs: 1n, endedNs: 2n }] };
        }
      },
      startService: () => {
        // The oldest listener hears it first.
        for (const tell of tells.splice(0)) tell("exited_early");
        return { service: { name: "web", run: 1n, state: "getting_ready", startedNs: 1n } };
      },
    },
    shells: { listShells: () => ({ shells: [] }) },
  });
  const { create } = await makeWorkspaces();
  const workspace = await create({ agent });
  const start = {
    name: "web",
    argv: ["serve"],
    cwd: "/workspace",
    secretEnv: {},
    ready: undefined,
    shownCommand: "serve",
    shownCwd: "/workspace",
    readiness: { type: "none", target: null, timeoutSeconds: 1, intervalMs: 10 },
    ports: [],
  } as const;
  const startWeb = () =>
    workspace.use(SIGNAL, ({ services }, signal) => services.start(start, () => undefined, signal));
  expect(await startWeb()).toMatchObject({ state: "failed" });
  await expect(workspace.stop(SIGNAL)).rejects.toMatchObject({ code: "not_yet_available" });
  expect(await startWeb()).toMatchObject({ state: "failed", stopReason: "exited_before_ready" });
  expect(watches.map(({ aborted }) => aborted)).toEqual([true, false]);
});
