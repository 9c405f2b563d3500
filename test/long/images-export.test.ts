// Snapshots as images: the same each time, whole or not there, and all of the state in them, as other tools see it too.

import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { once } from "node:events";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/images/make-images.js";
import { CONTENT_SCRIPT, LIST_SCRIPT } from "../helpers/images/tree-content.js";
import { matching, useImages } from "../helpers/images/use-images.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { filesWith } from "../helpers/secret-traces.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { mountTmpfs } from "../helpers/tmpfs.js";

const SECRET = "kept-out-of-images-8d1f";
const INTERRUPTED = 130;

const images = useImages();
let pyro: TestPyro;
let id = "";
/** What the exports of `prepared` have become so far: one thing. */
let digest = "";

async function create(environment: string, ...more: string[]): Promise<string> {
  const { stdout, stderr } = await pyro.run(["workspace", "create", environment, ...more, "--id-only"]);
  const made = stdout.toString().trim();
  if (!made) throw new Error(stderr);
  return made;
}

async function exec(workspace: string, script: string): Promise<string> {
  const words = ["workspace", "exec", workspace, "--timeout-seconds", "300", "--", "sh", "-c", script];
  const { stdout, stderr, status } = await pyro.run(words);
  if (status !== 0) throw new Error(stderr);
  return stdout.toString("latin1");
}

function exportTo(output: string, name = "prepared", workspace = id) {
  return pyro.json(["workspace", "snapshot", "export", workspace, name, "--output", output]);
}

async function digestOf(output: string, name?: string, workspace?: string): Promise<string> {
  const { value } = await exportTo(output, name, workspace);
  const text = JSON.stringify(value);
  return /"digest":"(sha256:[0-9a-f]{64})"/.exec(text)?.[1] ?? text;
}

/** A directory of its own, for what an export makes or must not leave. */
function freshDirectory(): Promise<string> {
  return mkdtemp(path.join(images().directory, "exported-"));
}

/** Starts an export and waits until it is in this phase. */
async function startExport(output: string, phase: string) {
  const child = pyro.start(["workspace", "snapshot", "export", id, "prepared", "--output", output]);
  const ended = once(child, "close");
  let told = "";
  for await (const chunk of child.stderr ?? []) {
    told += String(chunk);
    if (told.includes(`phase=${phase}\n`)) return { child, ended };
  }
  throw new Error(`the export ended: ${told}`);
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

beforeAll(async () => {
  pyro = images().pyro;
  id = await create(images().name("debian:12"));
  await exec(id, CONTENT_SCRIPT);
  // Slow to compress: so that there is time to interrupt it.
  await exec(id, "head -c 60000000 /dev/urandom >/workspace/random");
  await pyro.run(["workspace", "snapshot", "create", id, "prepared"]);
  digest = await digestOf(path.join(await freshDirectory(), "first"));
});

describe("the same snapshot", () => {
  test("becomes the same digest: by another daemon, while the workspace runs or is stopped, in a directory or a registry", async () => {
    const directory = await freshDirectory();
    await exec(id, "touch /etc/later /workspace/later");
    await pyro.run(["workspace", "stop", id]);
    await pyro.run(["daemon", "stop", "--force"]);
    expect(await digestOf(path.join(directory, "second"))).toBe(digest);
    const { value } = await pyro.json(["workspace", "status", id]);
    expect(value).toMatchObject({ state: "stopped" });
    const pushed = await exportTo(images().name("prepared:1"));
    const reference = `${images().registry.host}/team/prepared@${digest}`;
    expect(pushed).toMatchObject({ status: 0, value: { kind: "registry", digest, reference } });
    const pulled = await pyro.json(["env", "pull", reference]);
    expect(pulled.value).toMatchObject({ name: reference, version: digest });
  });

  test("of the baseline, too, and of a tree of packages", async () => {
    const directory = await freshDirectory();
    const first = await digestOf(path.join(directory, "baseline-1"), "baseline");
    expect(await digestOf(path.join(directory, "baseline-2"), "baseline")).toBe(first);
    await pyro.run(["daemon", "stop", "--force"]);
    expect(await digestOf(path.join(directory, "baseline-3"), "baseline")).toBe(first);
  });

  test("says when the snapshot was made, not when the image was", async () => {
    const { value } = await pyro.json(["workspace", "snapshot", "list", id]);
    const record = /\{[^{}]*"prepared"[^{}]*\}/.exec(JSON.stringify(value))?.[0] ?? "";
    const created = /"created_at":([0-9.]+)/.exec(record)?.[1];
    const layout = path.join(await freshDirectory(), "dated");
    await exportTo(layout);
    const inspected = await run("skopeo", "inspect", "--config", `oci:${layout}`);
    const expected = new Date(Math.round(Number(created)) * 1000).toISOString().replace(".000Z", "Z");
    expect(JSON.parse(inspected)).toMatchObject({ created: expected });
    const changes = path.join(layout, "blobs", (await layersOf(layout)).at(-1)?.replace(":", "/") ?? "");
    const times = await run("sh", "-c", `tar -tvzf ${changes} --full-time | tr -s ' ' | cut -d' ' -f4,5`);
    const latest = lines(times).toSorted().at(-1);
    expect(Date.parse(`${latest ?? ""}Z`)).toBeLessThanOrEqual(Date.parse(expected));
  });

  test("equal work in two workspaces differs in its times, and in nothing else", async () => {
    const directory = await freshDirectory();
    const contents: string[] = [];
    for (const name of ["one", "other"]) {
      const workspace = await create(images().name("alpine:3"));
      await exec(
        workspace,
        "rm /bin/ping; mkdir /made; echo same >/made/file; ln /made/file /workspace/link",
      );
      await pyro.run(["workspace", "snapshot", "create", workspace, "equal"]);
      const layout = path.join(directory, name);
      await exportTo(layout, "equal", workspace);
      const changes = path.join(layout, "blobs", (await layersOf(layout)).at(-1)?.replace(":", "/") ?? "");
      const list = `tar -tvzf ${changes} --numeric-owner | tr -s ' ' | cut -d' ' -f1-3,6-`;
      contents.push(await run("sh", "-c", `${list}; tar -xOzf ${changes} | sha256sum`));
      await pyro.run(["workspace", "delete", workspace]);
    }
    expect(contents[0]).toContain("made/file");
    expect(contents[1]).toBe(contents[0]);
  });
});

/** Reads all of an image, as skopeo does. */
async function inspectDigest(layout: string): Promise<string> {
  await run("skopeo", "copy", `oci:${layout}`, `dir:${layout}-copy`);
  await rm(`${layout}-copy`, { recursive: true });
  return (await run("skopeo", "inspect", "--format", "{{.Digest}}", `oci:${layout}`)).trim();
}

async function layersOf(layout: string): Promise<readonly string[]> {
  const inspected: unknown = JSON.parse(await run("skopeo", "inspect", `oci:${layout}`));
  const layers = typeof inspected === "object" && inspected && "Layers" in inspected ? inspected.Layers : [];
  return Array.isArray(layers) ? layers.map(String) : [];
}

describe("all that a snapshot has", () => {
  let expected: readonly string[] = [];

  beforeAll(async () => {
    await pyro.run(["workspace", "reset", id, "--snapshot", "prepared"]);
    expected = lines(await exec(id, `cd / && ${LIST_SCRIPT}`));
  });

  test("is in the environment that is pulled from its registry", async () => {
    await exportTo(images().name("round:1"));
    const other = await images().openPyro();
    const image = images().name("round:1");
    const guest = await other.run(["run", image, "--", "sh", "-c", `cd / && ${LIST_SCRIPT}`], {
      timeoutMs: 300_000,
    });
    expect(expected.length).toBeGreaterThan(2_500);
    expect(differences(expected, lines(guest.stdout.toString("latin1")))).toEqual([]);
  });

  test("is in its directory, as umoci unpacks it", async () => {
    const directory = await freshDirectory();
    const layout = path.join(directory, "layout");
    await exportTo(layout);
    await run("umoci", "unpack", "--image", layout, path.join(directory, "bundle"));
    const root = path.join(directory, "bundle/rootfs");
    const found = await run("sh", "-c", `cd ${root} && { ${LIST_SCRIPT} } | base64 -w0`);
    expect(differences(expected, lines(Buffer.from(found, "base64").toString("latin1")))).toEqual([]);
  });

  test("but for devices and sockets, which no image gives to a host", async () => {
    const workspace = await create(images().name("debian:12"));
    const socket = "use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un($ARGV[0])) or die $!";
    await exec(
      workspace,
      `mknod null c 1 3; mknod /dev-null c 1 3; perl -e '${socket}' socket; echo here >file`,
    );
    await pyro.run(["workspace", "snapshot", "create", workspace, "devices"]);
    await exportTo(images().name("devices:1"), "devices", workspace);
    await pyro.run(["workspace", "delete", workspace]);
    const pulled = await pyro.json(["env", "pull", images().name("devices:1")]);
    expect(JSON.stringify(pulled.value)).toContain("device nodes are left out (2)");
    const { stdout } = await pyro.run(["run", images().name("devices:1"), "--", "sh", "-c", "ls /workspace"]);
    expect(stdout.toString()).toBe("file\n");
  });

  test("also files that are larger than the memory of its workspace", async () => {
    const workspace = await create(images().name("alpine:3"), "--mem-mib", "256");
    await exec(
      workspace,
      "echo begin >huge; echo end | /bin/busybox dd of=huge bs=1M seek=1200 conv=notrunc",
    );
    await pyro.run(["workspace", "snapshot", "create", workspace, "huge"]);
    const image = images().name("huge:1");
    expect(await exportTo(image, "huge", workspace)).toMatchObject({ status: 0 });
    await pyro.run(["workspace", "delete", workspace]);
    const { stdout } = await pyro.run([
      "run",
      image,
      "--",
      "sh",
      "-c",
      "cd /workspace; b=/bin/busybox; $b wc -c <huge; $b head -n 1 huge; $b tail -c 4 huge",
    ]);
    expect(stdout.toString()).toBe(`${1200 * 1024 * 1024 + 4}\nbegin\nend\n`);
  });

  test("and no secret", async () => {
    const workspace = await create(images().name("alpine:3"), "--secret", `TOKEN=${SECRET}`);
    const use = ["workspace", "exec", workspace, "--secret-env", "TOKEN", "--", "sh", "-c"];
    expect((await pyro.run([...use, 'test -n "$TOKEN" && echo used >used'])).status).toBe(0);
    await pyro.run(["workspace", "snapshot", "create", workspace, "secretive"]);
    const directory = await freshDirectory();
    const layout = path.join(directory, "layout");
    await exportTo(layout, "secretive", workspace);
    await pyro.run(["workspace", "delete", workspace]);
    await run("umoci", "unpack", "--image", layout, path.join(directory, "bundle"));
    expect(await filesWith(directory, SECRET)).toEqual([]);
    expect(await readFile(path.join(directory, "bundle/rootfs/workspace/used"), "utf8")).toBe("used\n");
  });
});

function differences(before: readonly string[], after: readonly string[]): string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}

describe("an export that cannot be", () => {
  test.each([
    ["to what exists", "existing", 4, "export_refused"],
    ["to a directory that is not there", "missing/image", 3, "path_not_found"],
    ["below a file", "file/image", 2, "invalid_input"],
    ["to a reference in capitals", "localhost:5000/Team/x:1", 2, "invalid_input"],
    ["to a digest", `localhost:5000/team/x@sha256:${"0".repeat(64)}`, 2, "invalid_input"],
    ["to nobody's registry", "localhost:9/team/x:1", 5, "registry_unreachable"],
  ])("%s says why and leaves nothing", async (_, output, status, code) => {
    const directory = await freshDirectory();
    await mkdir(path.join(directory, "existing"));
    await run("touch", path.join(directory, "file"));
    const given = output.startsWith("localhost") ? output : path.join(directory, output);
    expect(await exportTo(given)).toMatchObject({ status, value: { error: { code } } });
    expect((await readdir(directory)).toSorted()).toEqual(["existing", "file"]);
    expect(await readdir(path.join(directory, "existing"))).toEqual([]);
  });

  test("of a snapshot that is not there names those that are", async () => {
    const failed = await exportTo(path.join(await freshDirectory(), "x"), "nothing");
    expect(failed).toMatchObject({ status: 3, value: { error: { code: "snapshot_not_found" } } });
    expect(JSON.stringify(failed.value)).toContain('["baseline","prepared"]');
  });

  test("to a disk that is full half-way, or read-only, leaves nothing and says so", async () => {
    await using small = await mountTmpfs(40);
    const full = await exportTo(path.join(small.directory, "image"));
    expect(full).toMatchObject({ status: 7, value: { error: { code: "out_of_disk" } } });
    expect(await readdir(small.directory)).toEqual([]);
    await small.remountReadOnly();
    const readOnly = await exportTo(path.join(small.directory, "image"));
    expect(readOnly).toMatchObject({ value: { error: { code: "storage_unavailable" } } });
  });

  test("to a registry that denies it says so before it makes the image", async () => {
    const denied = await images().openRegistry("export-refused", { auth: "basic" });
    const output = images().name("denied:1", denied);
    const refused = await pyro.run(["workspace", "snapshot", "export", id, "prepared", "--output", output]);
    expect(refused.status).toBe(5);
    expect(refused.stderr).not.toContain("phase=changes");
    expect(refused.stderr).toMatch(/error: .*\nhint: .*log ?in/i);
  });
});

describe("an export that is interrupted", () => {
  test.each(["collect", "changes", "write"])(
    "by a kill -9 of the daemon during %s leaves a whole image or none, and the next daemon nothing else",
    async (phase) => {
      const directory = await freshDirectory();
      const daemon = (await pyro.daemonPid()) ?? 0;
      const { ended } = await startExport(path.join(directory, "image"), phase);
      process.kill(daemon, "SIGKILL");
      await ended;
      // Writing takes so little that it may be over by now.
      const isThere = (await readdir(directory)).includes("image");
      if (isThere) expect(await inspectDigest(path.join(directory, "image"))).toBe(digest);
      expect(await digestOf(path.join(directory, "again"))).toBe(digest);
      expect(await readdir(directory)).toEqual(isThere ? ["again", "image"] : ["again"]);
      expect(await readdir(path.join(pyro.settings.stateDir, "scratch"))).toEqual([]);
    },
  );

  test("by Ctrl-C leaves nothing", async () => {
    const directory = await freshDirectory();
    const { child, ended } = await startExport(path.join(directory, "image"), "changes");
    child.kill("SIGINT");
    await ended;
    expect(child.exitCode).toBe(INTERRUPTED);
    await expect.poll(() => readdir(directory)).toEqual([]);
    await expect.poll(() => readdir(path.join(pyro.settings.stateDir, "scratch"))).toEqual([]);
  });
});

describe("an environment that is not as it was", () => {
  test("stays for its workspaces when it is pruned", async () => {
    await pyro.run(["env", "prune", "--images"]);
    expect(await digestOf(path.join(await freshDirectory(), "pruned"))).toBe(digest);
  });

  test("whose layers are gone becomes one layer, with the same tree", async () => {
    await rm(path.join(pyro.settings.environmentCacheDir, ".blobs"), { recursive: true, force: true });
    const layout = path.join(await freshDirectory(), "layout");
    const made = await exportTo(layout);
    expect(made).toMatchObject({ status: 0, value: { layers: [matching(/^sha256/), matching(/^sha256/)] } });
    expect(JSON.parse(await run("skopeo", "inspect", `oci:${layout}`))).toMatchObject({ Os: "linux" });
  });

  test("that was taken away by hand is named", async () => {
    const { value } = await pyro.json(["env", "inspect", images().name("debian:12")]);
    const installDir = /"install_dir":"([^"]+)"/.exec(JSON.stringify(value))?.[1] ?? "";
    await rename(installDir, `${installDir}-away`);
    try {
      const failed = await exportTo(path.join(await freshDirectory(), "x"));
      expect(failed).toMatchObject({ value: { error: { code: "environment_damaged" } } });
    } finally {
      await rename(`${installDir}-away`, installDir);
    }
  });
});

test("nothing of any export is left on the host", async () => {
  await pyro.run(["workspace", "delete", id]);
  await expectNothingLeft(pyro);
});
