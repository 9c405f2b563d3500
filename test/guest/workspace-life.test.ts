// The life of a workspace: create, commands, snapshots, reset, stop, start, delete.

import { describe, expect, test } from "vitest";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { useClient } from "../helpers/use-client.js";
import { COUNT_SLEEPS, createWorkspace, makeProject, sh } from "../helpers/workspace.js";

const PROJECT = { "main.py": "print('hello')\n", "docs/guide.md": "# Guide\n" };

describe("a workspace", () => {
  const connected = useClient();

  test("is created from a project, shows what it is, and leaves nothing when it is deleted", async () => {
    const { client, pyro } = connected();
    const seed_path = await makeProject(pyro, PROJECT);
    const created = await createWorkspace(client, { seed_path, name: "first", labels: { issue: "42" } });
    const { workspace_id } = created;
    expect(workspace_id).toMatch(/^ws_[a-z2-7]{12}$/);
    expect(created).toMatchObject({
      name: "first",
      labels: { issue: "42" },
      state: "started",
      execution_mode: "guest",
      workspace_path: "/workspace",
      network_policy: "off",
      command_count: 0,
      last_command: null,
      reset_count: 0,
      snapshot_count: 0,
      recovered_at: null,
      last_error: null,
      workspace_seed: { mode: "directory", seed_path, origin_kind: "directory", entry_count: 3, skipped: [] },
    });
    expect(created.expires_at - created.last_activity_at).toBe(14_400);
    expect(await sh(client, "first", "cat main.py docs/guide.md; stat -c '%U %a' main.py")).toBe(
      "print('hello')\n# Guide\nroot 644\n",
    );
    const status = await client.invoke("workspace_status", { workspace_id: "first" });
    expect(status).toMatchObject({
      workspace_id,
      command_count: 1,
      last_command: { sequence: 1, exit_code: 0 },
    });
    expect(status.memory_bytes).toBeGreaterThan(1024 * 1024);
    const listed = await client.invoke("workspace_list", {});
    expect(listed).toMatchObject({ count: 1, workspaces: [{ workspace_id, name: "first", problem: null }] });
    expect(await client.invoke("workspace_delete", { workspace_id: "first" })).toEqual({
      workspace_id,
      deleted: true,
      reason: "explicit_delete",
    });
    await expect(client.invoke("workspace_status", { workspace_id })).rejects.toMatchObject({
      code: "workspace_not_found",
    });
    await expectNothingLeft(pyro);
  });

  test("keeps files and logs from command to command; failures and timeouts are results", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    await sh(client, workspace_id, "echo one > kept; mkdir -p /opt/tool; echo tool > /opt/tool/file");
    const failed = await client.invoke("workspace_exec", {
      workspace_id,
      command: "cat kept; cat missing",
      cwd: "/workspace",
    });
    expect(failed).toMatchObject({ sequence: 2, stdout: "one\n", exit_code: 1, timed_out: false });
    const late = await client.invoke("workspace_exec", {
      workspace_id,
      command: "echo begun; sleep 1000",
      timeout_seconds: 1,
    });
    expect(late).toMatchObject({ sequence: 3, stdout: "begun\n", exit_code: 124, timed_out: true });
    expect(await sh(client, workspace_id, `cat kept; ${COUNT_SLEEPS}; cat /opt/tool/file`)).toBe(
      "one\n0\ntool\n",
    );
    const logs = await client.invoke("workspace_logs", { workspace_id });
    expect(logs.entries.map(({ sequence, exit_code }) => [sequence, exit_code])).toEqual([
      [1, 0],
      [2, 1],
      [3, 124],
      [4, 0],
    ]);
    expect(logs.entries[1]?.stderr).toContain("missing");
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("reset brings back the baseline, installed files outside /workspace too, and forgets the logs", async () => {
    const { client, pyro } = connected();
    const seed_path = await makeProject(pyro, PROJECT);
    const { workspace_id } = await createWorkspace(client, { seed_path });
    await sh(
      client,
      workspace_id,
      "rm -rf docs; echo x > new; echo y > /etc/made; echo secret > /root/secret",
    );
    const before = await sh(
      client,
      workspace_id,
      "cat /etc/machine-id /etc/hostname /proc/sys/kernel/random/boot_id",
    );
    const reset = await client.invoke("workspace_reset", { workspace_id });
    expect(reset).toMatchObject({
      workspace_id,
      reset_count: 1,
      command_count: 0,
      last_command: null,
      workspace_reset: {
        snapshot_name: "baseline",
        kind: "baseline",
        destination: "/workspace",
        entry_count: 3,
      },
    });
    expect(
      await sh(client, workspace_id, "find . | sort; cat /etc/made /root/secret 2>&1 | grep -c 'No such'"),
    ).toBe(".\n./docs\n./docs/guide.md\n./main.py\n2\n");
    expect(
      await sh(client, workspace_id, "cat /etc/machine-id /etc/hostname /proc/sys/kernel/random/boot_id"),
    ).not.toBe(before);
    expect((await client.invoke("workspace_logs", { workspace_id })).count).toBe(2);
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("works after rm -rf / : reset gives everything back", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client, { seed_path: await makeProject(pyro, PROJECT) });
    await client.invoke("workspace_exec", {
      workspace_id,
      command: ["rm", "-rf", "--no-preserve-root", "/"],
    });
    await client.invoke("workspace_reset", { workspace_id });
    expect(await sh(client, workspace_id, "cat main.py")).toBe(PROJECT["main.py"]);
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("snapshots keep the whole file system and can be gone back to, in any order", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    await sh(client, workspace_id, "echo 1 > state; echo 1 > /usr/local/bin/tool");
    const { snapshot } = await client.invoke("snapshot_create", { workspace_id, snapshot_name: "one" });
    expect(snapshot).toMatchObject({ snapshot_name: "one", kind: "named", deletable: true });
    expect(snapshot.size_bytes).toBeGreaterThan(0);
    await sh(client, workspace_id, "echo 2 > state; rm /usr/local/bin/tool");
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "two" });
    await expect(
      client.invoke("snapshot_create", { workspace_id, snapshot_name: "two" }),
    ).rejects.toMatchObject({ code: "conflict" });
    await expect(
      client.invoke("snapshot_create", { workspace_id, snapshot_name: "baseline" }),
    ).rejects.toMatchObject({ code: "invalid_input" });
    const { snapshots } = await client.invoke("snapshot_list", { workspace_id });
    expect(snapshots.map((each) => each.snapshot_name)).toEqual(["baseline", "two", "one"]);

    const reset = await client.invoke("workspace_reset", { workspace_id, snapshot: "one" });
    expect(reset.workspace_reset).toMatchObject({ snapshot_name: "one", kind: "named" });
    expect(await sh(client, workspace_id, "cat state /usr/local/bin/tool")).toBe("1\n1\n");
    await client.invoke("workspace_reset", { workspace_id, snapshot: "two" });
    expect(await sh(client, workspace_id, "cat state; ls /usr/local/bin | wc -l")).toBe("2\n0\n");
    // The guest stands on it, and lives on without it.
    await client.invoke("snapshot_delete", { workspace_id, snapshot_name: "two" });
    expect(await sh(client, workspace_id, "cat state")).toBe("2\n");
    await expect(client.invoke("workspace_reset", { workspace_id, snapshot: "two" })).rejects.toMatchObject({
      code: "snapshot_not_found",
    });
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("stopped, it keeps files, packages, snapshots and logs; started, it goes on", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    await sh(client, workspace_id, "echo kept > file; echo pkg > /usr/local/lib/pkg; chmod 750 file");
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "s" });
    const stopped = await client.invoke("workspace_stop", { workspace_id });
    expect(stopped).toMatchObject({ state: "stopped", memory_bytes: 0, command_count: 1, snapshot_count: 1 });
    expect(stopped.disk_bytes).toBeGreaterThan(0);
    expect(await client.invoke("workspace_stop", { workspace_id })).toMatchObject({ state: "stopped" });
    await expectNothingLeft(pyro);

    expect(await client.invoke("workspace_start", { workspace_id })).toMatchObject({ state: "started" });
    expect(await client.invoke("workspace_start", { workspace_id })).toMatchObject({ state: "started" });
    expect(await sh(client, workspace_id, "cat file /usr/local/lib/pkg; stat -c %a file")).toBe(
      "kept\npkg\n750\n",
    );
    expect((await client.invoke("workspace_logs", { workspace_id })).count).toBe(2);
    // Whatever needs a guest starts a stopped one.
    await client.invoke("workspace_stop", { workspace_id });
    expect(await sh(client, workspace_id, "cat file")).toBe("kept\n");
    await client.invoke("workspace_stop", { workspace_id });
    await client.invoke("workspace_reset", { workspace_id, snapshot: "s" });
    expect(await sh(client, workspace_id, "cat file")).toBe("kept\n");
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("names are unique, change, and go with their workspace", async () => {
    const { client } = connected();
    const one = await createWorkspace(client, { name: "taken", labels: { a: "1", b: "2" } });
    await expect(createWorkspace(client, { name: "taken" })).rejects.toMatchObject({ code: "conflict" });
    const both = await Promise.allSettled([
      createWorkspace(client, { name: "race" }),
      createWorkspace(client, { name: "race" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const updated = await client.invoke("workspace_update", {
      workspace_id: "taken",
      name: "renamed",
      labels: { b: "3", c: "4" },
      clear_labels: ["a"],
    });
    expect(updated).toMatchObject({
      workspace_id: one.workspace_id,
      name: "renamed",
      labels: { b: "3", c: "4" },
    });
    await expect(
      client.invoke("workspace_update", { workspace_id: "renamed", name: "race" }),
    ).rejects.toMatchObject({ code: "conflict" });
    const cleared = await client.invoke("workspace_update", { workspace_id: "renamed", clear_name: true });
    expect(cleared.name).toBeNull();
    await client.invoke("workspace_delete", { workspace_id: one.workspace_id });
    await client.invoke("workspace_delete", { workspace_id: "race" });
    const again = await createWorkspace(client, { name: "race" });
    await client.invoke("workspace_delete", { workspace_id: again.workspace_id });
  });
});
