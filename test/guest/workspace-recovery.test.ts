// Guests and daemons that die: what comes back, and what is said about it.

import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Client } from "../../src/client/client.js";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { connectClient, findMachineId, findSandbox } from "../helpers/connected-client.js";
import { killDaemon } from "../helpers/daemon.js";
import { isFree, startService } from "../helpers/services.js";
import { TestShell } from "../helpers/shell.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";
import { COUNT_SLEEPS, createWorkspace, makeProject, sh } from "../helpers/workspace.js";

const EXIT_TIMEOUT_MS = 10_000;
const RECOVERY_TIMEOUT_MS = 60_000;

async function killGuest(client: Client, pyro: TestPyro, workspaceId: string): Promise<void> {
  const sandbox = await findSandbox(pyro, await findMachineId(client, workspaceId));
  await signalProcess(sandbox, "SIGKILL");
  expect(await waitForExit(sandbox, EXIT_TIMEOUT_MS)).toBe(true);
}

const Record = z.looseObject({
  resume: z.object({
    layer: z.object({ kind: z.string(), id: z.string().optional() }),
    lineCount: z.number(),
  }),
  snapshots: z.array(z.object({ name: z.string(), layer: z.string() })),
});

function recordFile(pyro: TestPyro, workspaceId: string): string {
  return path.join(pyro.settings.stateDir, "workspaces", workspaceId, "workspace.json");
}

async function readRecord(pyro: TestPyro, workspaceId: string): Promise<z.infer<typeof Record>> {
  return Record.parse(JSON.parse(await readFile(recordFile(pyro, workspaceId), "utf8")));
}

/** Waits until everything of the journal's first `lines` lines is in the recovery layer. */
async function awaitRecoveryLayer(pyro: TestPyro, workspaceId: string, lines: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { resume } = await readRecord(pyro, workspaceId);
        return resume.layer.kind === "captured" && resume.lineCount >= lines;
      },
      { timeout: RECOVERY_TIMEOUT_MS },
    )
    .toBe(true);
}

/** Waits until the daemon has been told by the guest's connection, a moment after the kill. */
async function awaitLoss(client: Client): Promise<void> {
  await expect
    .poll(async () => (await client.invoke("workspace_list", {})).workspaces[0]?.problem ?? "", {
      timeout: EXIT_TIMEOUT_MS,
    })
    .toContain("comes back at its next use");
}

describe("a guest that was killed", () => {
  const connected = useClient();

  test("comes back as its recovery layer has it, and names the commands that came after", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    await sh(client, workspace_id, "echo early > file");
    await awaitRecoveryLayer(pyro, workspace_id, 2);
    await sh(client, workspace_id, "echo late > file");
    await killGuest(client, pyro, workspace_id);
    await awaitLoss(client);

    const result = await client.invoke("workspace_exec", { workspace_id, command: "cat file" });
    expect(result).toMatchObject({
      stdout: "early\n",
      sequence: 3,
      recovery: {
        missing_commands: [{ sequence: 2, command: "sh -c 'echo late > file'" }],
        missing_edit_count: 0,
      },
    });
    const again = await client.invoke("workspace_exec", { workspace_id, command: "cat file" });
    expect(again.recovery).toBeUndefined();
    const status = await client.invoke("workspace_status", { workspace_id });
    expect(status.recovered_at).toBeGreaterThan(0);
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("before its first recovery layer comes back as the baseline", async () => {
    const { client, pyro } = connected();
    const seed_path = await makeProject(pyro, { file: "seed\n" });
    const { workspace_id } = await createWorkspace(client, { seed_path });
    await sh(client, workspace_id, "echo changed > file");
    await killGuest(client, pyro, workspace_id);
    await awaitLoss(client);
    const read = await client.invoke("workspace_file_read", { workspace_id, path: "file" });
    expect(read).toMatchObject({ content: "seed\n", recovery: { missing_commands: [{ sequence: 1 }] } });
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("takes its shells and services with it, and says so; others can be had at once", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client, { network_policy: "egress+published-ports" });
    const shell = await TestShell.open(client, workspace_id);
    const start = () =>
      startService(client, workspace_id, "web", "echo up; exec sleep 1000", {
        published_ports: [{ guest_port: 80 }],
      });
    const port = (await start()).published_ports[0]?.host_port ?? 0;
    expect(await isFree(port)).toBe(false);
    await startService(client, workspace_id, "brief", "echo done; exit 3");
    const readLog = (service_name: string) => client.invoke("service_logs", { workspace_id, service_name });
    const followLog = (service_name: string, onEvent: () => void) =>
      client.invoke("service_logs", { workspace_id, service_name, follow: true }, { onEvent });
    await followLog("brief", () => undefined);
    const seen = new Set<string>();
    const attached = { onEvent: () => void seen.add("shell") };
    const followed = [
      client.invoke("terminal_attach", { ...shell.ids(), interactive: false }, attached),
      followLog("web", () => void seen.add("service")),
    ];
    const ended = followed.map((call) => expect(call).rejects.toMatchObject({ code: "guest_died" }));
    await expect.poll(() => seen.size).toBe(2);
    const killedAt = Date.now() / 1000;
    await killGuest(client, pyro, workspace_id);
    const lost = { code: "shell_not_found", message: /the guest .*, and its shells with it$/ };
    await awaitLoss(client);
    await Promise.all(ended);
    await expect(shell.read()).rejects.toMatchObject(lost);
    await expect(shell.type("x")).rejects.toMatchObject(lost);
    await expect.poll(() => isFree(port)).toBe(true);
    expect(await client.invoke("service_list", { workspace_id })).toMatchObject({
      running_count: 0,
      services: [
        { service_name: "brief", state: "exited", exit_code: 3 },
        { service_name: "web", state: "stopped", stop_reason: "guest_died", exit_code: null, pid: null },
      ],
    });
    // The time to its expiry counts from the end of what ran in it.
    const status = await client.invoke("workspace_status", { workspace_id });
    expect(status.last_activity_at).toBeGreaterThanOrEqual(killedAt);

    expect(await readLog("brief")).toMatchObject({ state: "exited", stdout: "done\n" });
    // Its log was on the guest's disk, and there is no recovery layer that holds it.
    expect(await readLog("web")).toMatchObject({ state: "stopped", stop_reason: "guest_died", stdout: "" });
    await expect(shell.read()).rejects.toMatchObject({
      code: "shell_not_found",
      message: /a recovery ends all shells/,
    });
    const again = await TestShell.open(client, workspace_id);
    await again.ask("echo new", "new\n");
    expect(await start()).toMatchObject({ state: "running" });
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("under a command: the command fails, is recorded, and the workspace lives on", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    const command = client.invoke(
      "workspace_exec",
      { workspace_id, command: "echo begun; sleep 1000", timeout_seconds: 1000 },
      { onEvent: () => begun() },
    );
    const failed = expect(command).rejects.toMatchObject({ code: "guest_died", details: { sequence: 1 } });
    await isRunning;
    await killGuest(client, pyro, workspace_id);
    await failed;
    expect(await sh(client, workspace_id, "echo on")).toBe("on\n");
    const { entries } = await client.invoke("workspace_logs", { workspace_id });
    expect(entries).toMatchObject([
      { sequence: 1, exit_code: null, stdout: "begun\n" },
      { sequence: 2, exit_code: 0 },
    ]);
    await client.invoke("workspace_delete", { workspace_id });
  });
});

describe("after a kill -9 of the daemon", () => {
  const connected = useClient();

  test("the same guest goes on, with its files, processes and logs; stopped ones stay stopped", async () => {
    const { client, pyro } = connected();
    const running = await createWorkspace(client, { name: "running" });
    const stopped = await createWorkspace(client, { name: "stopped" });
    await sh(client, "running", "echo kept > file; (sleep 1000 >/dev/null 2>&1 &)");
    await sh(client, "stopped", "echo also > file");
    await client.invoke("snapshot_create", { workspace_id: "running", snapshot_name: "s" });
    await client.invoke("workspace_stop", { workspace_id: "stopped" });
    const machineId = await findMachineId(client, running.workspace_id);
    await killDaemon(client);
    await connectClient(pyro);
    expect(await findMachineId(client, running.workspace_id)).toBe(machineId);
    expect(await sh(client, "running", `cat file; ${COUNT_SLEEPS}`)).toBe("kept\n1\n");
    expect(await client.invoke("workspace_status", { workspace_id: "stopped" })).toMatchObject({
      state: "stopped",
      workspace_id: stopped.workspace_id,
    });
    expect((await client.invoke("workspace_logs", { workspace_id: "running" })).count).toBe(2);
    expect((await client.invoke("snapshot_list", { workspace_id: "running" })).count).toBe(2);
    expect(await sh(client, "stopped", "cat file")).toBe("also\n");
    for (const workspace_id of ["running", "stopped"])
      await client.invoke("workspace_delete", { workspace_id });
  });

  test("a command that was running is ended and recorded as interrupted", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    const command = client
      .invokeIfRunning(
        "workspace_exec",
        { workspace_id, command: "echo begun; sleep 1000", timeout_seconds: 1000 },
        { onEvent: () => begun() },
      )
      .catch(() => undefined);
    await isRunning;
    await killDaemon(client);
    await command;
    await connectClient(pyro);
    expect(await sh(client, workspace_id, COUNT_SLEEPS)).toBe("0\n");
    const { entries } = await client.invoke("workspace_logs", { workspace_id });
    expect(entries[0]).toMatchObject({ sequence: 1, exit_code: null, stdout: "begun\n" });
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("one damaged record: the others are untouched, and it can be deleted", async () => {
    const { client, pyro } = connected();
    const sound = await createWorkspace(client, { name: "sound" });
    const damaged = await createWorkspace(client, { name: "damaged" });
    await killDaemon(client);
    await writeFile(recordFile(pyro, damaged.workspace_id), '{"id":');
    await connectClient(pyro);
    expect(await sh(client, "sound", "echo well")).toBe("well\n");
    const { workspaces } = await client.invoke("workspace_list", {});
    expect(workspaces.find((each) => each.workspace_id === damaged.workspace_id)?.problem).toContain(
      "damaged",
    );
    const { workspace_id } = damaged;
    await expect(client.invoke("workspace_exec", { workspace_id, command: "true" })).rejects.toMatchObject({
      code: "workspace_damaged",
    });
    await client.invoke("workspace_delete", { workspace_id });
    expect((await client.invoke("workspace_list", {})).count).toBe(1);
    await client.invoke("workspace_delete", { workspace_id: sound.workspace_id });
  });
});

describe("layers", () => {
  const connected = useClient();

  async function snapshotFile(pyro: TestPyro, workspaceId: string): Promise<string> {
    const { snapshots } = await readRecord(pyro, workspaceId);
    const layer = path.join(pyro.settings.stateDir, "layers", snapshots[0]?.layer ?? "");
    const names = (await readdir(layer)).filter((name) => name !== "layer.json");
    return path.join(layer, names[0] ?? "");
  }

  test.each([
    ["cut short", (file: string) => truncate(file, 10)],
    ["written over", (file: string) => writeFile(file, "x", { flag: "r+" })],
  ])("a snapshot whose file is %s: the error names it, and the workspace lives", async (_, damage) => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    await sh(client, workspace_id, "echo work > file");
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "broken" });
    await damage(await snapshotFile(pyro, workspace_id));
    const reset = client.invoke("workspace_reset", { workspace_id, snapshot: "broken" });
    await expect(reset).rejects.toThrow("the snapshot broken is damaged");
    expect(await sh(client, workspace_id, "cat file")).toBe("work\n");
    expect(await client.invoke("workspace_status", { workspace_id })).toMatchObject({ reset_count: 0 });
    await client.invoke("snapshot_delete", { workspace_id, snapshot_name: "broken" });
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("are collected when no workspace needs them", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    await sh(client, workspace_id, "echo work > file");
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "kept" });
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "dropped" });
    await client.invoke("snapshot_delete", { workspace_id, snapshot_name: "dropped" });
    await client.invoke("workspace_stop", { workspace_id });
    const layers = path.join(pyro.settings.stateDir, "layers");
    await expect.poll(async () => (await readdir(layers)).length, { timeout: RECOVERY_TIMEOUT_MS }).toBe(2);
    await client.invoke("workspace_delete", { workspace_id });
    await expect.poll(() => readdir(layers), { timeout: RECOVERY_TIMEOUT_MS }).toEqual([]);
  });
});
