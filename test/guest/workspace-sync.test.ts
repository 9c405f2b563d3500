// Pushes into a real guest.

import { chmod, link, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { GuestFiles } from "../../src/guest/files.js";
import type { Machine } from "../../src/machine/engine.js";
import { runProcess } from "../../src/platform/processes.js";
import { pushIntoGuest, type PushRequest } from "../../src/workspace/sync/push-into-guest.js";
import { newSpec, openEngine } from "../helpers/engine-host.js";
import { TestPyro } from "../helpers/test-pyro.js";

const GUEST_DISK_MIB = 256;
const MIB = 1024 * 1024;

let pyro: TestPyro;
let machine: Machine;
let files: GuestFiles;
let source: string;

beforeAll(async () => {
  pyro = await TestPyro.create();
  const spec = { ...(await newSpec(pyro)), diskMib: GUEST_DISK_MIB };
  machine = await (await openEngine(pyro)).start(spec);
  files = machine.agent.files("/workspace");
});

afterAll(async () => {
  await machine.remove();
  // Root's runsc leaves a mount in the state.
  await (await openEngine(pyro)).reap(new Set());
  await pyro[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await sh("cd /; rm -rf /workspace; mkdir /workspace");
  source = await mkdtemp(path.join(pyro.directory, "source-"));
});

/** Runs a script in the guest's /workspace and returns what it says. */
async function sh(script: string): Promise<string> {
  let output = "";
  const { exitCode } = await machine.agent.exec(
    { argv: ["bash", "-c", `cd /workspace; set -e; ${script}`] },
    (_, chunk) => {
      output += Buffer.from(chunk).toString("latin1");
    },
  );
  if (exitCode !== 0) throw new Error(`the guest's script failed: ${output}`);
  return output;
}

async function push(options: Partial<PushRequest> = {}) {
  return pushIntoGuest({
    files,
    sourcePath: source,
    dest: "/workspace",
    host: { scratchDir: path.join(pyro.directory, "scratch"), ownDirs: [], homeDir: pyro.directory },
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  });
}

const LOOK = "find . -path ./.git -prune -o -printf '%y %m %p %l\\n' | sort; cat $(find . -type f | sort)";

test("a project arrives whole, and a second push has nothing to do", async () => {
  await mkdir(path.join(source, "src/empty"), { recursive: true });
  await writeFile(path.join(source, "src/run"), "run\n", { mode: 0o755 });
  await writeFile(Buffer.from(`${source}/\xff`, "latin1"), "odd\n");
  await link(path.join(source, "src/run"), path.join(source, "src/same"));
  await symlink("/nowhere", path.join(source, "link"));
  await chmod(path.join(source, "src"), 0o750);
  await writeFile(path.join(source, "none"), "");
  await chmod(path.join(source, "none"), 0);
  expect(await push()).toMatchObject({ entryCount: 7, unchangedCount: 0, bytesWritten: 8, skippedCount: 0 });
  expect(await sh(`${LOOK}; [ src/run -ef src/same ]`)).toBe(
    [
      "d 755 . ",
      "d 750 ./src ",
      "d 755 ./src/empty ",
      "f 0 ./none ",
      "f 644 ./\xff ",
      "f 755 ./src/run ",
      "f 755 ./src/same ",
      "l 777 ./link /nowhere",
    ]
      .toSorted()
      .concat("run\nrun\nodd\n")
      .join("\n"),
  );
  expect(await push()).toMatchObject({ unchangedCount: 7, bytesWritten: 0 });
});

test("what the guest changed is brought back, and what it added stays", async () => {
  for (const name of ["a", "b", "c"]) await writeFile(path.join(source, name), `${name}\n`);
  await push();
  await sh("echo A > a; chmod 600 b; rm c; mkdir c; echo x > c/x; echo mine > d; ln -sf /etc/passwd e");
  expect(await push()).toMatchObject({ unchangedCount: 0, bytesWritten: 4 });
  expect(await sh("cat a b c d; stat -c %a b; readlink e")).toBe("a\nb\nc\nmine\n644\n/etc/passwd\n");
});

test("links of the guest in the way are replaced, not followed", async () => {
  await mkdir(path.join(source, "dir"));
  await writeFile(path.join(source, "dir/f"), "f\n");
  await writeFile(path.join(source, "file"), "file\n");
  await sh("ln -s /etc dir; ln -s /etc/hostname file; cp /etc/hostname /tmp/before");
  await push();
  expect(await sh("find . -printf '%y %p\\n' | sort; cat dir/f file")).toBe(
    "d .\nd ./dir\nf ./dir/f\nf ./file\nf\nfile\n",
  );
  await sh("[ ! -e /etc/f ] && cmp /etc/hostname /tmp/before");
});

test("a guest without room keeps what it had", async () => {
  await writeFile(path.join(source, "a"), "new\n");
  await writeFile(path.join(source, "b"), Buffer.alloc((GUEST_DISK_MIB + 64) * MIB, "x"));
  await sh("echo old > a");
  await expect(push()).rejects.toMatchObject({ code: "out_of_disk" });
  expect(await sh("cat a; ls -A")).toBe("old\na\n");
  expect(Number(await sh("df --output=avail -BM / | tail -n 1 | tr -dc 0-9"))).toBeGreaterThan(
    GUEST_DISK_MIB / 2,
  );
});

test("a cancel in the middle changes nothing", async () => {
  await writeFile(path.join(source, "a"), "new\n");
  await writeFile(path.join(source, "b"), Buffer.alloc(64 * MIB, "x"));
  await sh("echo old > a");
  const cancel = new AbortController();
  const onProgress = () => cancel.abort();
  await expect(push({ signal: cancel.signal, onProgress })).rejects.toThrow("aborted");
  expect(await sh("cat a; ls -A")).toBe("old\na\n");
});

test("a file that shrinks while it is sent changes nothing", async () => {
  await writeFile(path.join(source, "a"), "new\n");
  await writeFile(path.join(source, "b"), Buffer.alloc(64 * MIB, "x"));
  await sh("echo old > a");
  let shrinking: Promise<void> | undefined;
  const onProgress = () => {
    shrinking ??= truncate(path.join(source, "b"), 10);
  };
  await expect(push({ onProgress })).rejects.toMatchObject({
    code: "conflict",
    message: "b changed on the host while it was pushed",
  });
  await shrinking;
  expect(await sh("cat a; ls -A")).toBe("old\na\n");
});

test("a sparse file stays sparse", async () => {
  await writeFile(path.join(source, "sparse"), "start");
  await truncate(path.join(source, "sparse"), 256 * MIB);
  await push();
  expect(await sh("stat -c %s sparse; head -c 5 sparse")).toBe(`${256 * MIB}\nstart`);
});

test("the destination is made, and may be a link to a directory of the workspace", async () => {
  await writeFile(path.join(source, "f"), "f\n");
  await sh("mkdir real; ln -s real alias; ln -s /etc out");
  await push({ dest: "new/deep" });
  await push({ dest: "alias" });
  expect(await push({ dest: "alias" })).toMatchObject({ unchangedCount: 1 });
  expect(await sh("cat new/deep/f real/f; readlink alias")).toBe("f\nf\nreal\n");
  await expect(push({ dest: "out" })).rejects.toMatchObject({ code: "path_outside_workspace" });
});

test("an archive arrives", async () => {
  await mkdir(path.join(source, "d"));
  await writeFile(path.join(source, "d/f"), "f\n");
  const sourcePath = `${source}.tgz`;
  await runProcess(["tar", "--create", "--gzip", "--file", sourcePath, "d"], { cwd: source });
  expect(await push({ sourcePath })).toMatchObject({ mode: "tar_archive", entryCount: 2, bytesWritten: 2 });
  expect(await push({ sourcePath })).toMatchObject({ unchangedCount: 2 });
  expect(await sh("cat d/f")).toBe("f\n");
  await rm(sourcePath);
});
