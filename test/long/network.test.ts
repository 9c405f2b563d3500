// Guests that try to get around the policy of their network, and networks under load, in namespaces of the test's own.

import { createHash, randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { findProcesses, type FoundProcess } from "../../src/platform/find-processes.js";
import { signalProcess } from "../../src/platform/process-identity.js";
import { errorOf } from "../helpers/answers.js";
import { connectClient } from "../helpers/connected-client.js";
import { killDaemon } from "../helpers/daemon.js";
import { python } from "../helpers/guest-python.js";
import { HOST, NetworkLab, OUTSIDE } from "../helpers/network-lab.js";
import { CROWD, FORGERY } from "../helpers/network-programs.js";
import { probe } from "../helpers/network-probe.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { OrdinaryUser, USER_ENVIRONMENT } from "../helpers/ordinary-user.js";
import { copyPackage } from "../helpers/package-copy.js";
import { awaitParked } from "../helpers/parked-guests.js";
import { seededRandom } from "../helpers/seeded-random.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace, sh } from "../helpers/workspace.js";

const EGRESS = { environment: "debian:12", network_policy: "egress" } as const;
const REACHED = `tcp ${OUTSIDE.public} 7`;
const PRIVATE = `tcp ${OUTSIDE.private} 7`;
const NAMES = {
  "private.test": [OUTSIDE.private],
  "metadata.test": [OUTSIDE.metadata],
  "host.test": [HOST.public],
  // Harmless when it is asked for first, and then not.
  "rebound.test": [OUTSIDE.public, OUTSIDE.private],
};

// Namespaces with addresses need root; an ordinary user's guests are tried below by root's hand.
describe.skipIf(process.geteuid?.() !== 0)("a guest's network", () => {
  let lab: NetworkLab | undefined;
  const findInside = () => lab?.inside ?? [];
  beforeAll(async () => (lab = await NetworkLab.create(NAMES)));
  afterAll(async () => lab?.[Symbol.asyncDispose]());

  describe("of a guest that has no private range", () => {
    const connected = useClient({}, findInside);
    let workspaceId = "";
    beforeAll(async () => (workspaceId = (await createWorkspace(connected().client, EGRESS)).workspace_id));

    test("names lead nowhere that their addresses do not, also when they change", async () => {
      const { client } = connected();
      const before = lab?.outsideEvents.filter(({ protocol }) => protocol === "tcp").length ?? 0;
      expect(await probe(client, workspaceId, ["tcp rebound.test 7"])).toEqual({
        "tcp rebound.test 7": "reached",
      });
      const names = ["rebound.test", "private.test", "metadata.test", "host.test"];
      const found = await probe(
        client,
        workspaceId,
        names.map((name) => `tcp ${name} 7`),
        2,
      );
      expect(Object.values(found).filter((result) => result === "reached")).toEqual([]);
      expect(lab?.outsideEvents.filter(({ protocol }) => protocol === "tcp")).toHaveLength(before + 1);
      expect(lab?.hostEvents).toEqual([]);
    });

    test("its processes, root's too, can neither change the network nor send what is not theirs", async () => {
      const { client } = connected();
      const refused: unknown = expect.stringMatching(/^(EPERM|EAFNOSUPPORT|EACCES)$/);
      expect(JSON.parse(await sh(client, workspaceId, python(FORGERY)))).toEqual({
        "raw socket": "EPERM",
        "packet socket": refused,
        "another's address": "EADDRNOTAVAIL",
        "another address for eth0": "EPERM",
        "a device of its own": "EPERM",
        "the device of the network": "EPERM",
        "a route": "EPERM",
      });
      expect(await probe(client, workspaceId, [REACHED])).toEqual({ [REACHED]: "reached" });
    });

    test("2,000 connections at once are served, and are all in the record", async () => {
      const { client } = connected();
      expect(await sh(client, workspaceId, python(CROWD))).toBe("2000\n");
      const { network } = await client.invoke("workspace_summary", { workspace_id: workspaceId });
      expect(network?.connections.allowed).toBeGreaterThanOrEqual(2000);
      const page = await client.invoke("network_log", { workspace_id: workspaceId, offset: 0, limit: 1000 });
      expect(page).toMatchObject({ offset: 0, next_offset: 1000 });
      expect(page.entries).toHaveLength(1000);
    });

    test("a helper that is killed again and again comes back, each time later", async () => {
      const { client, pyro } = connected();
      for (let round = 0; round < 5; round++) {
        const [helper] = await findHelpers(pyro);
        if (helper) await signalProcess(helper, "SIGKILL");
        await expect
          .poll(() => probe(client, workspaceId, [REACHED]), { timeout: 60_000 })
          .toEqual({ [REACHED]: "reached" });
      }
      expect(await findHelpers(pyro)).toHaveLength(1);
    });

    test("snapshots and their resets have it too, and deleting leaves nothing", async () => {
      const { client, pyro } = connected();
      await client.invoke("snapshot_create", { workspace_id: workspaceId, snapshot_name: "kept" });
      await client.invoke("workspace_reset", { workspace_id: workspaceId, snapshot: "kept" });
      expect(await probe(client, workspaceId, [REACHED])).toEqual({ [REACHED]: "reached" });
      await client.invoke("workspace_delete", { workspace_id: workspaceId });
      await expectNothingLeft(pyro);
    });
  });

  describe("with a private range that the user allows", () => {
    const connected = useClient({ PYRO_NETWORK_ALLOW: "10.9.0.0/24" }, findInside);

    test("that range is reached, by name too; the host in it and other ranges are not", async () => {
      const { client } = connected();
      const { workspace_id } = await createWorkspace(client, EGRESS);
      const found = await probe(client, workspace_id, [
        PRIVATE,
        "tcp private.test 7",
        `tcp ${HOST.private} 7`,
        `tcp ${OUTSIDE.metadata} 7`,
        "tcp 10.10.0.1 7",
      ]);
      expect(Object.values(found).map((result) => result === "reached")).toEqual([
        true,
        true,
        false,
        false,
        false,
      ]);
      expect((await client.invoke("doctor", {})).networking.allowed_ranges).toEqual(["10.9.0.0/24"]);
      await client.invoke("workspace_delete", { workspace_id });
    });

    test("a daemon that allows less ends what the former one has allowed", async () => {
      const { client, pyro } = connected();
      const { workspace_id } = await createWorkspace(client, EGRESS);
      expect(await probe(client, workspace_id, [PRIVATE])).toEqual({ [PRIVATE]: "reached" });
      await killDaemon(client);
      const env = { PYRO_NETWORK_ALLOW: "" };
      const words = [
        "workspace",
        "exec",
        workspace_id,
        "--",
        "bash",
        "-c",
        `exec 3<>/dev/tcp/${OUTSIDE.private}/7`,
      ];
      const { status, stderr } = await pyro.run(words, { env });
      expect([status, stderr]).toEqual([1, expect.stringContaining("Connection refused")]);
      await pyro.run(["daemon", "stop", "--force"], { env });
      await connectClient(pyro);
      await client.invoke("workspace_delete", { workspace_id });
    });

    test.each(["127.0.0.0/8", "everything"])("PYRO_NETWORK_ALLOW=%s is refused in words", async (value) => {
      const { pyro } = connected();
      await pyro.run(["daemon", "stop", "--force"]);
      const { status, stderr } = await pyro.run(["doctor"], { env: { PYRO_NETWORK_ALLOW: value } });
      expect(status).toBe(2);
      expect(stderr).toContain(`PYRO_NETWORK_ALLOW: `);
      expect(stderr).toContain("hint: Give private ranges");
    });
  });

  test("a parked guest gets its network with its claim", async () => {
    await using pyro = await TestPyro.create({ PYRO_POOL: "1" }, undefined, findInside());
    const client = await connectClient(pyro);
    await client.invoke("vm_run", { environment: "debian:12", command: "true" });
    await awaitParked(client);
    const { workspace_id } = await createWorkspace(client, EGRESS);
    expect((await client.invoke("daemon_status", {})).pool.hits).toBeGreaterThanOrEqual(1);
    expect(await probe(client, workspace_id, [REACHED, PRIVATE])).toMatchObject({ [REACHED]: "reached" });
    await client.invoke("workspace_delete", { workspace_id });
  });

  describe("and the daemon's end", () => {
    const connected = useClient({}, findInside);

    test("a kill at any moment of a creation leaves a whole workspace or nothing, and no helper of nobody's", async () => {
      const { client, pyro } = connected();
      const random = seededRandom(7);
      for (let round = 0; round < 12; round++) {
        const creating = client.invokeIfRunning("workspace_create", EGRESS);
        const ended = Promise.allSettled([creating]);
        await setTimeout(Math.round(random() * 400));
        await killDaemon(client);
        await ended;
        await connectClient(pyro);
        const { workspaces } = await client.invoke("workspace_list", {});
        for (const { workspace_id, problem } of workspaces) {
          expect(problem).toBeNull();
          expect(await probe(client, workspace_id, [REACHED])).toEqual({ [REACHED]: "reached" });
          await client.invoke("workspace_delete", { workspace_id });
        }
        await expectNothingLeft(pyro);
      }
    });

    test("without a helper that starts, a creation and a reset fail and change nothing", async () => {
      const { client, pyro } = connected();
      await using copy = await copyPackage();
      await breakHelper(copy.libexec);
      const { workspace_id } = await createWorkspace(client, EGRESS);
      const withCopy = async (...words: string[]) => pyro.json(words, { cli: copy.cli });
      await killDaemon(client);
      for (const words of [
        ["workspace", "create", "debian:12", "--network-policy", "egress"],
        ["workspace", "reset", workspace_id],
      ]) {
        const { status, value } = await withCopy(...words);
        expect([status, errorOf(value).code]).toEqual([5, "network_unavailable"]);
      }
      expect((await withCopy("workspace", "list")).value).toMatchObject({ count: 1 });
      expect((await withCopy("doctor")).value).toMatchObject({ runtime_ok: true });
      await killDaemon(client);
      await connectClient(pyro);
      expect(await client.invoke("workspace_status", { workspace_id })).toMatchObject({ reset_count: 0 });
      expect(await probe(client, workspace_id, [REACHED])).toEqual({ [REACHED]: "reached" });
      await client.invoke("workspace_delete", { workspace_id });
      await expectNothingLeft(pyro);
    });
  });

  test("an ordinary user's guests have it, without any right on the host", async () => {
    await using user = await OrdinaryUser.ensure();
    await using pyro = await user.openPyro({}, findInside());
    const connect = (address: string) =>
      `exec 3<>/dev/tcp/${address}/7 && echo ${randomUUID()} >&3 && head -1 <&3`;
    const words = ["run", USER_ENVIRONMENT, "--network", "--", "bash", "-c"];
    expect(await pyro.run([...words, connect(OUTSIDE.public)])).toMatchObject({ status: 0 });
    expect(await pyro.run([...words, connect(OUTSIDE.metadata)])).toMatchObject({ status: 1 });
    await expectNothingLeft(pyro);
  });
});

/** A program that is the package's own as far as anybody can tell, and ends at once. */
async function breakHelper(libexec: string): Promise<void> {
  const script = "#!/bin/sh\nexit 1\n";
  await rm(path.join(libexec, "pyro-helper"), { force: true });
  await writeFile(path.join(libexec, "pyro-helper"), script, { mode: 0o755 });
  const file = path.join(libexec, "manifest.json");
  const manifest = z.record(z.string(), z.unknown()).parse(JSON.parse(await readFile(file, "utf8")));
  const sha256 = createHash("sha256").update(script).digest("hex");
  await rm(file);
  await writeFile(file, JSON.stringify({ ...manifest, "pyro-helper": { version: "broken", sha256 } }));
}

async function findHelpers({ settings }: TestPyro): Promise<readonly FoundProcess[]> {
  return findProcesses(([program = "", word]) => program.startsWith(settings.stateDir) && word === "network");
}
