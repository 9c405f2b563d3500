// Workspaces when something is short, dead or hostile: a clear error, and nothing is lost.

import { open, readdir, rename, rm, statfs, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { connectClient, daemonStatus } from "../helpers/connected-client.js";
import { findLeftovers, NOTHING } from "../helpers/leftovers.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { mountTmpfs } from "../helpers/tmpfs.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace, makeProject, sh } from "../helpers/workspace.js";

// Mounts need root.
const IS_ROOT = process.geteuid?.() === 0;
const MIB = 1024 * 1024;

/** Takes all room of the disk but `leaveBytes`; returns the file that has it. */
async function fillDisk(directory: string, leaveBytes: number): Promise<string> {
  const file = path.join(directory, "ballast");
  const handle = await open(file, "w");
  try {
    const { bavail, bsize } = await statfs(directory);
    const chunk = Buffer.alloc(MIB);
    for (let left = bavail * bsize - leaveBytes; left > 0; left -= chunk.length) {
      await handle.write(chunk, 0, Math.min(left, chunk.length));
    }
  } finally {
    await handle.close();
  }
  return file;
}

describe.skipIf(!IS_ROOT)("on a full disk", () => {
  test("a snapshot fails in words, the workspace lives on and can be deleted, and room brings the snapshot", async () => {
    await using disk = await mountTmpfs(512);
    await using pyro = await TestPyro.create({ PYRO_STATE_DIR: path.join(disk.directory, "state") });
    const client = await connectClient(pyro);
    const { workspace_id } = await createWorkspace(client);
    await sh(client, workspace_id, "head -c 50M /dev/urandom > big; echo work > file");
    const ballast = await fillDisk(disk.directory, 8 * MIB);
    await expect(
      client.invoke("snapshot_create", { workspace_id, snapshot_name: "full" }),
    ).rejects.toMatchObject({ code: "out_of_disk" });
    await expect(client.invoke("workspace_stop", { workspace_id })).rejects.toMatchObject({
      code: "out_of_disk",
    });
    expect(await sh(client, workspace_id, "cat file")).toBe("work\n");
    expect((await client.invoke("snapshot_list", { workspace_id })).count).toBe(1);
    expect(await readdir(path.join(pyro.settings.stateDir, "layers"))).toEqual([]);
    await rm(ballast);
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "full" });

    const other = await createWorkspace(client);
    await fillDisk(disk.directory, 0);
    await client.invoke("workspace_delete", { workspace_id });
    await client.invoke("workspace_delete", { workspace_id: other.workspace_id });
    expect((await client.invoke("workspace_list", {})).count).toBe(0);
    await pyro.run(["daemon", "stop", "--force"]);
    expect(await findLeftovers(pyro.settings)).toEqual(NOTHING);
  });
});

describe("a workspace", () => {
  const connected = useClient();

  test("keeps output that is no text, whole: replaced in results, and readable in pages", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    const result = await client.invoke("workspace_exec", {
      workspace_id,
      command: ["sh", "-c", "printf 'ok \\377\\376 ok\\n'; head -c 3000000 /dev/zero | tr '\\0' 'x'"],
    });
    expect(result.stdout_truncated).toBe(true);
    expect(result.stdout_bytes).toBe(3_000_009);
    expect(result.stdout.startsWith("ok \ufffd\ufffd ok\nxxx")).toBe(true);
    const page = await client.invoke("workspace_logs", {
      workspace_id,
      sequence: 1,
      stream: "stdout",
      offset: 2_999_000,
      max_bytes: 4096,
    });
    expect(page.entries[0]?.stdout).toBe("x".repeat(1009));
    expect(page.next_offset).toBeNull();
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("is as it was when a reset fails because no guest can start any more", async () => {
    await using pyro = await TestPyro.create({ PYRO_MAX_ACTIVE_VMS: "2" });
    const client = await connectClient(pyro);
    const { workspace_id } = await createWorkspace(client);
    await createWorkspace(client, { name: "other" });
    // At the cap a reset is no guest more.
    await client.invoke("workspace_reset", { workspace_id });
    await expect(createWorkspace(client)).rejects.toMatchObject({ code: "vm_limit_reached" });
    await sh(client, workspace_id, "echo work > file");
    const runsc = await findRunsc(path.join(pyro.settings.stateDir, "engine"));
    await rename(runsc, `${runsc}.kept`);
    await writeFile(runsc, "#!/bin/false\n", { mode: 0o755 });
    await expect(client.invoke("workspace_reset", { workspace_id })).rejects.toMatchObject({
      code: "guest_start_failed",
    });
    await rename(`${runsc}.kept`, runsc);
    expect(await sh(client, workspace_id, "cat file")).toBe("work\n");
    expect(await client.invoke("workspace_status", { workspace_id })).toMatchObject({ reset_count: 1 });
    expect((await daemonStatus(client)).guests).toHaveLength(2);
  });

  test("whose agent was killed from inside comes back, and can be reset", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client, {
      seed_path: await makeProject(pyro, { file: "seed\n" }),
    });
    await client
      .invoke("workspace_exec", { workspace_id, command: ["sh", "-c", "kill -9 1; sleep 1000"] })
      .catch(() => undefined);
    await client.invoke("workspace_reset", { workspace_id });
    expect(await sh(client, workspace_id, "cat file")).toBe("seed\n");
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("refuses paths that leave it, whatever leads out", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    await sh(
      client,
      workspace_id,
      "ln -s /etc out; ln -s /workspace/inside alias; echo in > inside; mkdir d; ln -s ../../etc d/up",
    );
    for (const leaving of [
      "../etc/passwd",
      "/etc/passwd",
      "out/passwd",
      "d/up/passwd",
      "/workspace/../etc/passwd",
    ]) {
      await expect(
        client.invoke("workspace_file_read", { workspace_id, path: leaving }),
        leaving,
      ).rejects.toMatchObject({ code: "path_outside_workspace" });
      await expect(
        client.invoke("workspace_file_write", { workspace_id, path: leaving, text: "x" }),
        leaving,
      ).rejects.toMatchObject({ code: "path_outside_workspace" });
    }
    const read = await client.invoke("workspace_file_read", { workspace_id, path: "alias" });
    expect(read.content).toBe("in\n");
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("on the host itself, by flag and in need, has no layers: what needs them is refused in words", async () => {
    await using pyro = await TestPyro.create({ PYRO_GVISOR_PLATFORM: "kvm" });
    const client = await connectClient(pyro);
    const seed_path = await makeProject(pyro, { "a.txt": "a\n" });
    await expect(createWorkspace(client, { seed_path })).rejects.toMatchObject({
      code: "engine_unavailable",
    });
    const created = await createWorkspace(client, { seed_path, allow_host_compat: true });
    const { workspace_id } = created;
    expect(created).toMatchObject({ execution_mode: "host_compat", engine: { security_boundary: false } });
    await client.invoke("workspace_file_write", { workspace_id, path: "b.txt", text: "b\n" });
    const listed = await client.invoke("workspace_exec", { workspace_id, command: ["ls"] });
    expect(listed).toMatchObject({ stdout: "a.txt\nb.txt\n", execution_mode: "host_compat" });
    for (const operation of ["workspace_stop", "snapshot_create"] as const) {
      const call =
        operation === "workspace_stop"
          ? client.invoke(operation, { workspace_id })
          : client.invoke(operation, { workspace_id, snapshot_name: "s" });
      await expect(call).rejects.toMatchObject({ code: "conflict" });
    }
    await client.invoke("workspace_reset", { workspace_id });
    expect(await client.invoke("workspace_exec", { workspace_id, command: ["ls"] })).toMatchObject({
      stdout: "a.txt\n",
    });
    expect((await client.invoke("workspace_diff", { workspace_id })).changed).toBe(false);
    await client.invoke("workspace_delete", { workspace_id });
  });
});

async function findRunsc(engineDir: string): Promise<string> {
  for (const digest of await readdir(engineDir)) {
    const names = await readdir(path.join(engineDir, digest));
    if (names.includes("runsc")) return path.join(engineDir, digest, "runsc");
  }
  throw new Error(`no runsc below ${engineDir}`);
}
