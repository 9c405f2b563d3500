// Many at once: commands of one workspace, clients of one workspace, workspaces of one daemon.

import { describe, expect, test } from "vitest";
import { Client } from "../../src/client/client.js";
import { useClient } from "../helpers/use-client.js";
import { COUNT_SLEEPS, createWorkspace, sh } from "../helpers/workspace.js";

describe("at once", () => {
  const connected = useClient();

  test("36 commands in one workspace are recorded, all of them and in order", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    const results = await Promise.all(
      Array.from({ length: 36 }, (_, index) =>
        client.invoke("workspace_exec", { workspace_id, command: ["echo", String(index)] }),
      ),
    );
    const { count, entries } = await client.invoke("workspace_logs", { workspace_id });
    expect(count).toBe(36);
    expect(entries.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 36 }, (_, i) => i + 1));
    for (const { sequence, stdout } of results) {
      expect(entries[sequence - 1]).toMatchObject({ sequence, stdout, exit_code: 0 });
    }
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("a long command holds up nothing: status, files, another command, a snapshot, another workspace", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    const abort = new AbortController();
    const long = client.invoke(
      "workspace_exec",
      { workspace_id, command: "echo begun; sleep 1000", timeout_seconds: 1000 },
      { onEvent: () => begun(), signal: abort.signal },
    );
    const cancelled = expect(long).rejects.toMatchObject({ code: "cancelled" });
    await isRunning;
    expect(await client.invoke("workspace_status", { workspace_id })).toMatchObject({ command_count: 1 });
    await client.invoke("workspace_file_write", { workspace_id, path: "a", text: "a\n" });
    expect(await sh(client, workspace_id, "cat a")).toBe("a\n");
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "meanwhile" });
    const other = await createWorkspace(client);
    expect(await sh(client, other.workspace_id, "echo other")).toBe("other\n");
    abort.abort();
    await cancelled;
    // Cancelled in the guest, too.
    expect(await sh(client, workspace_id, COUNT_SLEEPS)).toBe("0\n");
    for (const each of [workspace_id, other.workspace_id]) {
      await client.invoke("workspace_delete", { workspace_id: each });
    }
  });

  test("a reset ends the commands of the old life, with a word about why", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    const long = client.invoke(
      "workspace_exec",
      { workspace_id, command: "echo begun; sleep 1000", timeout_seconds: 1000 },
      { onEvent: () => begun() },
    );
    const ended = expect(long).rejects.toThrow("was reset");
    await isRunning;
    await client.invoke("workspace_reset", { workspace_id });
    await ended;
    expect(await sh(client, workspace_id, COUNT_SLEEPS)).toBe("0\n");
    expect((await client.invoke("workspace_logs", { workspace_id })).count).toBe(1);
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("a reader that stands still holds up no reset", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    let readOn: () => void = () => undefined;
    const isReading = new Promise<void>((resolve) => (readOn = resolve));
    const stalled = client.invoke(
      "workspace_exec",
      { workspace_id, command: "yes", timeout_seconds: 1000 },
      {
        onEvent: async () => {
          begun();
          await isReading;
        },
      },
    );
    const ended = expect(stalled).rejects.toThrow("was reset");
    await isRunning;
    await client.invoke("workspace_reset", { workspace_id });
    expect(await sh(client, workspace_id, "echo on")).toBe("on\n");
    readOn();
    await ended;
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("two clients on one workspace: resets, snapshots, writes and commands end well, whatever their order", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    const other = new Client(pyro.settings);
    const acts = [client, other].flatMap((each, index) => [
      each.invoke("workspace_file_write", { workspace_id, path: `file-${index}`, text: "x" }),
      each.invoke("workspace_reset", { workspace_id }),
      each.invoke("snapshot_create", { workspace_id, snapshot_name: `by-${index}` }),
      each.invoke("workspace_exec", { workspace_id, command: "true" }),
      each.invoke("workspace_status", { workspace_id }),
    ]);
    const settled = await Promise.allSettled(acts);
    for (const each of settled) {
      if (each.status === "rejected") expect(each.reason).toMatchObject({ code: "conflict" });
    }
    const status = await client.invoke("workspace_status", { workspace_id });
    expect(status).toMatchObject({ state: "started", reset_count: 2, snapshot_count: 2 });
    await client.invoke("workspace_delete", { workspace_id });
    await expect(other.invoke("workspace_exec", { workspace_id, command: "true" })).rejects.toMatchObject({
      code: "workspace_not_found",
    });
  });

  test("eight clients with a workspace each do not see each other's files", async () => {
    const { client, pyro } = connected();
    const outputs = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const own = new Client(pyro.settings);
        const { workspace_id } = await createWorkspace(own, { name: `w${index}` });
        await own.invoke("workspace_file_write", { workspace_id, path: "mine", text: `${index}` });
        const seen = await sh(own, workspace_id, "ls; cat mine");
        await own.invoke("workspace_delete", { workspace_id });
        return seen;
      }),
    );
    expect(outputs).toEqual(Array.from({ length: 8 }, (_, index) => `mine\n${index}`));
    expect((await client.invoke("workspace_list", {})).count).toBe(0);
  });

  test("a workspace that is deleted under a command ends it", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    const long = client.invoke(
      "workspace_exec",
      { workspace_id, command: "echo begun; sleep 1000", timeout_seconds: 1000 },
      { onEvent: () => begun() },
    );
    const ended = expect(long).rejects.toMatchObject({ code: "workspace_not_found" });
    await isRunning;
    await client.invoke("workspace_delete", { workspace_id });
    await ended;
  });
});
