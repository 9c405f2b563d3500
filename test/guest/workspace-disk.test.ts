// Disks of stopped workspaces: looked at, read, and exported as an image that is the same to the byte.

import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace, sh } from "../helpers/workspace.js";

const run = promisify(execFile);
const connected = useClient();
const MIB = 1024 * 1024;

/** Makes one of everything that a file system can hold, with times of whole seconds: captures keep no others. */
const MAKE = `
mkdir -p dir/deep && printf hello > a && ln a dir/hard && ln -s ../a dir/soft && ln -s /etc/passwd absolute
mkfifo fifo && mknod null c 1 3 && mknod disk b 7 200 && chmod 4711 a && chown 5:6 dir && chmod 2750 dir
printf x > "$(printf 'odd\\377\\nname')" && truncate -s 40M holes
printf mid | dd of=holes bs=1 seek=20000000 conv=notrunc status=none && head -c 3000000 /dev/urandom > noise
ln -s "$(head -c 200 /dev/zero | tr '\\0' l)" long && printf 'of the system' > /var/log/own.log && rm /etc/issue
find . /var/log/own.log ! -type l -exec touch -d @1000000000 {} + && find . -type l -exec touch -h -d @1000000000 {} +`;

/** What there is to know of each file, one line each; the times of what the agent itself writes differ. */
const LIST = (root: string) =>
  `cd ${root} && find . -xdev \\( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run/pyro -o -path ./run/pyro-secrets \
-o -path ./usr/lib/pyro -o -path ./lost+found -o -path ./tmp \\) -prune -o ! -name hostname ! -name hosts ! -name machine-id \
! -type d -printf '%p %y %m %U %G %s %n %l %Ts\\n' -o -type d -printf '%p %y %m %U %G\\n' | LC_ALL=C sort`;
const SUMS = (root: string) =>
  `cd ${root}/workspace && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; cd ${root} && sha256sum ./usr/bin/tar ./var/log/own.log`;

describe("the disk of a stopped workspace", () => {
  test("is listed and read anywhere in the guest, while the workspace stays stopped", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client, { secrets: [{ name: "T", value: "hunterTwo" }] });
    await sh(client, workspace_id, "echo in it > file && echo hunterTwo > /var/log/own.log");
    const list = { workspace_id, path: "." };
    await expect(client.invoke("workspace_disk_list", list)).rejects.toMatchObject({
      code: "conflict",
      hint: `Stop it first: pyro workspace stop ${workspace_id}`,
    });
    await client.invoke("workspace_stop", { workspace_id });
    expect(await client.invoke("workspace_disk_list", list)).toMatchObject({
      path: "/workspace",
      entries: [{ path: "/workspace/file", artifact_type: "file", size_bytes: 6 }],
    });
    const read = (place: string) => client.invoke("workspace_disk_read", { workspace_id, path: place });
    expect(await read("file")).toMatchObject({ path: "/workspace/file", content: "in it\n" });
    expect(await read("/var/log/../log/own.log")).toMatchObject({
      content: "[redacted:T]\n",
      redacted: true,
    });
    await expect(read("/proc/version")).rejects.toMatchObject({ code: "path_not_found" });
    await expect(read("/nowhere")).rejects.toMatchObject({ code: "path_not_found" });
    expect(await client.invoke("workspace_status", { workspace_id })).toMatchObject({ state: "stopped" });
    expect(await client.invoke("daemon_status", {})).toMatchObject({ guests: [] });
    await client.invoke("workspace_start", { workspace_id });
    expect(await sh(client, workspace_id, "cat file")).toBe("in it\n");
    await client.invoke("workspace_delete", { workspace_id });
  });

  // A loop mount takes root.
  test.skipIf(process.getuid?.() !== 0)(
    "becomes an ext4 image without errors, with every file as the guest has it, and holes for what is empty",
    async () => {
      const { client, pyro } = connected();
      const { workspace_id } = await createWorkspace(client);
      await sh(client, workspace_id, MAKE);
      const listed = await sh(client, workspace_id, LIST("/"));
      const sums = await sh(client, workspace_id, SUMS("/"));
      await client.invoke("workspace_stop", { workspace_id });
      const output_path = path.join(pyro.directory, "disk.ext4");
      const exported = await client.invoke("workspace_disk_export", { workspace_id, output_path });

      const { size, blocks } = await stat(output_path);
      expect(exported).toMatchObject({ disk_format: "ext4", size_bytes: size, bytes_written: blocks * 512 });
      expect(size - blocks * 512).toBeGreaterThan(35 * MIB);
      await run("e2fsck", ["-fn", output_path]);
      const mounted = path.join(pyro.directory, "mounted");
      await mkdir(mounted);
      // In a mount namespace of its own: whatever happens, nothing stays mounted.
      const onMount = async (script: string) => {
        const mount = `mount -o loop,ro ${output_path} ${mounted} && ${script}`;
        const { stdout } = await run("unshare", ["--mount", "sh", "-c", mount], { maxBuffer: 64 * MIB });
        return stdout;
      };
      expect((await onMount(LIST(mounted))).split("\n")).toEqual(listed.split("\n"));
      expect(await onMount(SUMS(mounted))).toBe(sums);
      await client.invoke("workspace_delete", { workspace_id });
    },
  );

  test("is not written over anything, nor through a link, and leaves nothing when it fails", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client);
    await client.invoke("workspace_stop", { workspace_id });
    const directory = path.join(pyro.directory, "outputs");
    await mkdir(directory);
    await writeFile(path.join(directory, "there"), "kept");
    await symlink("/nowhere/else", path.join(directory, "link"));
    const ask = (name: string) =>
      client.invoke("workspace_disk_export", { workspace_id, output_path: path.join(directory, name) });
    await expect(ask("there")).rejects.toMatchObject({ code: "export_refused" });
    await expect(ask("link")).rejects.toMatchObject({ code: "export_refused" });
    await expect(ask("no/parent")).rejects.toMatchObject({ code: "path_not_found" });
    expect((await readdir(directory)).sort()).toEqual(["link", "there"]);
    expect(await readFile(path.join(directory, "there"), "utf8")).toBe("kept");
    await client.invoke("workspace_delete", { workspace_id });
  });
});
