// The time to live of workspaces, cut short in their records while no daemon runs: what it stops, what it spares.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Client } from "../../src/client/client.js";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { connectClient, findMachineId, findSandbox } from "../helpers/connected-client.js";
import { killDaemon } from "../helpers/daemon.js";
import { startService } from "../helpers/services.js";
import { TestShell } from "../helpers/shell.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace } from "../helpers/workspace.js";

const TIMEOUT_MS = 30_000;
const MONTH_SECONDS = 30 * 86_400;

async function changeRecord(pyro: TestPyro, workspaceId: string, change: object): Promise<void> {
  const file = path.join(pyro.settings.stateDir, "workspaces", workspaceId, "workspace.json");
  const record = z.looseObject({}).parse(JSON.parse(await readFile(file, "utf8")));
  await writeFile(file, JSON.stringify({ ...record, ...change }));
}

async function states(client: Client): Promise<Record<string, string>> {
  const { workspaces } = await client.invoke("workspace_list", {});
  return Object.fromEntries(workspaces.map(({ name, state }) => [name ?? "", state]));
}

describe("a workspace that nobody has used for its time", () => {
  const connected = useClient();

  test("is stopped, but not while a shell or a service runs in it", async () => {
    const { client, pyro } = connected();
    const names = ["idle", "shell", "service"] as const;
    const created = await Promise.all(names.map((name) => createWorkspace(client, { name })));
    const shell = await TestShell.open(client, "shell");
    await startService(client, "service", "waits", "exec sleep 1000");
    await killDaemon(client);
    for (const { workspace_id } of created) await changeRecord(pyro, workspace_id, { ttlSeconds: 1 });
    await connectClient(pyro);
    const look = () => states(client);
    const spared = { idle: "stopped", shell: "started", service: "started" };
    await expect.poll(look, { timeout: TIMEOUT_MS }).toEqual(spared);
    for (const workspace_id of ["shell", "service"]) {
      const askedAt = Date.now() / 1000;
      const { last_activity_at } = await client.invoke("workspace_status", { workspace_id });
      expect(last_activity_at).toBeGreaterThanOrEqual(askedAt);
    }
    await shell.type("exit");
    await client.invoke("service_stop", { workspace_id: "service", service_name: "waits" });
    const stopped = { idle: "stopped", shell: "stopped", service: "stopped" };
    await expect.poll(look, { timeout: TIMEOUT_MS }).toEqual(stopped);
    for (const workspace_id of names) await client.invoke("workspace_delete", { workspace_id });
  });

  test("and for a week more is deleted, but not one that had a service until its guest was lost", async () => {
    const { client, pyro } = connected();
    const [{ workspace_id: left }, { workspace_id: served }] = await Promise.all([
      createWorkspace(client, { name: "left" }),
      createWorkspace(client, { name: "served" }),
    ]);
    await startService(client, served, "waits", "exec sleep 1000");
    const sandbox = await findSandbox(pyro, await findMachineId(client, served));
    await killDaemon(client);
    await signalProcess(sandbox, "SIGKILL");
    expect(await waitForExit(sandbox, TIMEOUT_MS)).toBe(true);
    const lastActivityAt = Date.now() / 1000 - MONTH_SECONDS;
    for (const id of [left, served]) await changeRecord(pyro, id, { lastActivityAt });
    await connectClient(pyro);
    await expect.poll(() => states(client), { timeout: TIMEOUT_MS }).toEqual({ served: "started" });
    expect(await client.invoke("service_list", { workspace_id: served })).toMatchObject({
      services: [{ service_name: "waits", stop_reason: "guest_died" }],
    });
    await client.invoke("workspace_delete", { workspace_id: served });
  });
});
