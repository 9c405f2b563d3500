import { describe, expect, test } from "vitest";
import {
  buildBundle,
  GUEST_AGENT_PATH,
  GUEST_CHANNEL_DIR,
  hostLimits,
  type BundleInput,
} from "../../../../src/machine/gvisor/bundle.js";

const INPUT: BundleInput = {
  rootfsDir: "/env/rootfs",
  agentPath: "/state/agent",
  channelDir: "/state/channel",
};
const MIB = 1024 * 1024;

describe("what a guest gets of the host", () => {
  const { mounts, root } = buildBundle(INPUT);

  test("is its root file system, its agent and the directory of the agent's socket, and nothing else", () => {
    const binds = mounts.filter((mount) => mount.source.startsWith("/"));
    expect(root.path).toBe("/env/rootfs");
    expect(binds.map(({ source, destination, type }) => ({ source, destination, type }))).toEqual([
      { source: "/state/channel", destination: GUEST_CHANNEL_DIR, type: "bind" },
      { source: "/state/agent", destination: GUEST_AGENT_PATH, type: "bind" },
    ]);
  });

  test("is read-only", () => {
    for (const mount of mounts.filter(({ type }) => type === "bind")) expect(mount.options).toContain("ro");
  });
});

test("the agent is started as root, with its socket, and with nothing of our environment", () => {
  const { process: init } = buildBundle(INPUT);
  expect(init.args).toEqual([GUEST_AGENT_PATH, "--socket", "/run/pyro/agent.sock"]);
  expect(init.user).toEqual({ uid: 0, gid: 0 });
  expect(init.env).toEqual([`PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`]);
});

describe("namespaces", () => {
  const listNamespaces = (input: BundleInput) => buildBundle(input).linux.namespaces.map(({ type }) => type);

  test("are the guest's own, the network too", () => {
    expect(listNamespaces(INPUT).sort()).toEqual(["ipc", "mount", "network", "pid", "uts"]);
    expect(buildBundle(INPUT).linux).not.toHaveProperty("uidMappings");
  });

  test("hold a user namespace that maps an ordinary user, and only that one, to root", () => {
    const input = { ...INPUT, mapToRoot: { uid: 1000, gid: 100 } };
    expect(listNamespaces(input)).toContain("user");
    expect(buildBundle(input).linux).toMatchObject({
      uidMappings: [{ containerID: 0, hostID: 1000, size: 1 }],
      gidMappings: [{ containerID: 0, hostID: 100, size: 1 }],
    });
  });
});

describe("limits of the host", () => {
  test("are in the bundle only when a cgroup holds the guest", () => {
    expect(buildBundle(INPUT).linux).not.toHaveProperty("resources");
    const limits = hostLimits(2, 1024);
    expect(buildBundle({ ...INPUT, cgroup: { path: "/pyro-x/y", limits } }).linux).toMatchObject({
      cgroupsPath: "/pyro-x/y",
      resources: {
        memory: { limit: limits.memoryBytes },
        cpu: { quota: 200_000, period: 100_000 },
        pids: { limit: limits.pids },
      },
    });
  });

  test.each([256, 1024, 32_768])(
    "leave room for the engine itself beside the %d MiB of the guest",
    (memMib) => {
      const { memoryBytes } = hostLimits(1, memMib);
      expect(memoryBytes).toBeGreaterThan((memMib + 64) * MIB);
      expect(memoryBytes).toBeLessThan(memMib * 2 * MIB);
    },
  );
});

test("a tar to start with is the only thing that its annotations say", () => {
  expect(buildBundle(INPUT)).not.toHaveProperty("annotations");
  expect(buildBundle({ ...INPUT, layerTar: "/seeds/a b.tar" })).toMatchObject({
    annotations: { "dev.gvisor.tar.rootfs.upper": "/seeds/a b.tar" },
  });
});

test("a guest's bundle is plain JSON, and the same for the same input", () => {
  const bundle = buildBundle({ ...INPUT, mapToRoot: { uid: 1, gid: 2 } });
  expect(JSON.parse(JSON.stringify(bundle))).toEqual(bundle);
  expect(buildBundle(INPUT)).toEqual(buildBundle(INPUT));
});
