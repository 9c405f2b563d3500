// Snapshots as images: the same each time, and all of the state in them, as other tools see it too.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/images/make-images.js";
import { LIST_SCRIPT } from "../helpers/images/tree-content.js";
import { layersOf, useSnapshotExports } from "../helpers/images/use-snapshot-exports.js";
import { filesWith } from "../helpers/secret-traces.js";
import { TestPyro } from "../helpers/test-pyro.js";

const SECRET = "kept-out-of-images-8d1f";

const exports = useSnapshotExports();

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

describe("the same snapshot", () => {
  test("becomes the same digest: by another daemon, while the workspace runs or is stopped, in a directory or a registry", async () => {
    const directory = await exports().freshDirectory();
    await exports().exec(exports().id, "touch /etc/later /workspace/later");
    await exports().pyro.run(["workspace", "stop", exports().id]);
    await exports().pyro.run(["daemon", "stop", "--force"]);
    expect(await exports().digestOf(path.join(directory, "second"))).toBe(exports().digest);
    const { value } = await exports().pyro.json(["workspace", "status", exports().id]);
    expect(value).toMatchObject({ state: "stopped" });
    const pushed = await exports().exportTo(exports().images.name("prepared:1"));
    const reference = `${exports().images.registry.host}/team/prepared@${exports().digest}`;
    expect(pushed).toMatchObject({
      status: 0,
      value: { kind: "registry", digest: exports().digest, reference },
    });
    const pulled = await exports().pyro.json(["env", "pull", reference]);
    expect(pulled.value).toMatchObject({ name: reference, version: exports().digest });
  });

  test("of the baseline, too", async () => {
    const directory = await exports().freshDirectory();
    const first = await exports().digestOf(path.join(directory, "baseline-1"), "baseline");
    expect(await exports().digestOf(path.join(directory, "baseline-2"), "baseline")).toBe(first);
    await exports().pyro.run(["daemon", "stop", "--force"]);
    expect(await exports().digestOf(path.join(directory, "baseline-3"), "baseline")).toBe(first);
  });

  test("of a workspace of packages, too", async () => {
    await using pyro = await TestPyro.create();
    const created = await pyro.run(["workspace", "create", "debian:12-base", "--id-only"]);
    const words = [
      "workspace",
      "snapshot",
      "export",
      created.stdout.toString().trim(),
      "baseline",
      "--output",
    ];
    const digests: unknown[] = [];
    for (const name of ["one", "other"]) {
      const { value } = await pyro.json([...words, path.join(pyro.directory, name)]);
      digests.push(value);
    }
    const [first, second] = digests.map((value) => /"digest":"([^"]+)"/.exec(JSON.stringify(value))?.[1]);
    expect(first).toMatch(/^sha256:/);
    expect(second).toBe(first);
  });

  test("says when the snapshot was made, not when the image was", async () => {
    const { value } = await exports().pyro.json(["workspace", "snapshot", "list", exports().id]);
    const record = /\{[^{}]*"prepared"[^{}]*\}/.exec(JSON.stringify(value))?.[0] ?? "";
    const created = /"created_at":([0-9.]+)/.exec(record)?.[1];
    const layout = path.join(await exports().freshDirectory(), "dated");
    await exports().exportTo(layout);
    const inspected = await run("skopeo", "inspect", "--config", `oci:${layout}`);
    const expected = new Date(Math.round(Number(created)) * 1000).toISOString().replace(".000Z", "Z");
    expect(JSON.parse(inspected)).toMatchObject({ created: expected });
    const changes = path.join(layout, "blobs", (await layersOf(layout)).at(-1)?.replace(":", "/") ?? "");
    const times = await run("sh", "-c", `tar -tvzf ${changes} --full-time | tr -s ' ' | cut -d' ' -f4,5`);
    const latest = lines(times).toSorted().at(-1);
    expect(Date.parse(`${latest ?? ""}Z`)).toBeLessThanOrEqual(Date.parse(expected));
  });

  test("equal work in two workspaces differs in its times, and in nothing else", async () => {
    const directory = await exports().freshDirectory();
    const contents: string[] = [];
    for (const name of ["one", "other"]) {
      const workspace = await exports().create(exports().images.name("alpine:3"));
      await exports().exec(
        workspace,
        "rm /bin/ping; mkdir /made; echo same >/made/file; ln /made/file /workspace/link",
      );
      await exports().pyro.run(["workspace", "snapshot", "create", workspace, "equal"]);
      const layout = path.join(directory, name);
      await exports().exportTo(layout, "equal", workspace);
      const changes = path.join(layout, "blobs", (await layersOf(layout)).at(-1)?.replace(":", "/") ?? "");
      const list = `tar -tvzf ${changes} --numeric-owner | tr -s ' ' | cut -d' ' -f1-3,6-`;
      contents.push(await run("sh", "-c", `${list}; tar -xOzf ${changes} | sha256sum`));
      await exports().pyro.run(["workspace", "delete", workspace]);
    }
    expect(contents[0]).toContain("made/file");
    expect(contents[1]).toBe(contents[0]);
  });
});

describe("all that a snapshot has", () => {
  let expected: readonly string[] = [];

  beforeAll(async () => {
    await exports().pyro.run(["workspace", "reset", exports().id, "--snapshot", "prepared"]);
    expected = lines(await exports().exec(exports().id, `cd / && ${LIST_SCRIPT}`));
  });

  test("is in the environment that is pulled from its registry", async () => {
    await exports().exportTo(exports().images.name("round:1"));
    const other = await exports().images.openPyro();
    const image = exports().images.name("round:1");
    const guest = await other.run(["run", image, "--", "sh", "-c", `cd / && ${LIST_SCRIPT}`], {
      timeoutMs: 300_000,
    });
    expect(expected.length).toBeGreaterThan(2_500);
    expect(differences(expected, lines(guest.stdout.toString("latin1")))).toEqual([]);
  });

  test("is in its directory, as umoci unpacks it", async () => {
    const directory = await exports().freshDirectory();
    const layout = path.join(directory, "layout");
    await exports().exportTo(layout);
    await run("umoci", "unpack", "--image", layout, path.join(directory, "bundle"));
    const root = path.join(directory, "bundle/rootfs");
    const found = await run("sh", "-c", `cd ${root} && { ${LIST_SCRIPT} } | base64 -w0`);
    expect(differences(expected, lines(Buffer.from(found, "base64").toString("latin1")))).toEqual([]);
  });

  test("but for devices and sockets, which no image gives to a host", async () => {
    const workspace = await exports().create(exports().images.name("debian:12"));
    const socket = "use Socket; socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un($ARGV[0])) or die $!";
    await exports().exec(
      workspace,
      `mknod null c 1 3; mknod /dev-null c 1 3; perl -e '${socket}' socket; echo here >file`,
    );
    await exports().pyro.run(["workspace", "snapshot", "create", workspace, "devices"]);
    await exports().exportTo(exports().images.name("devices:1"), "devices", workspace);
    await exports().pyro.run(["workspace", "delete", workspace]);
    const pulled = await exports().pyro.json(["env", "pull", exports().images.name("devices:1")]);
    expect(JSON.stringify(pulled.value)).toContain("device nodes are left out (2)");
    const { stdout } = await exports().pyro.run([
      "run",
      exports().images.name("devices:1"),
      "--",
      "sh",
      "-c",
      "ls /workspace",
    ]);
    expect(stdout.toString()).toBe("file\n");
  });

  test("also files that are larger than the memory of its workspace", async () => {
    const workspace = await exports().create(exports().images.name("alpine:3"), "--mem-mib", "256");
    await exports().exec(
      workspace,
      "echo begin >huge; echo end | /bin/busybox dd of=huge bs=1M seek=1200 conv=notrunc",
    );
    await exports().pyro.run(["workspace", "snapshot", "create", workspace, "huge"]);
    const image = exports().images.name("huge:1");
    expect(await exports().exportTo(image, "huge", workspace)).toMatchObject({ status: 0 });
    await exports().pyro.run(["workspace", "delete", workspace]);
    const { stdout } = await exports().pyro.run([
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
    const workspace = await exports().create(
      exports().images.name("alpine:3"),
      "--secret",
      `TOKEN=${SECRET}`,
    );
    const use = ["workspace", "exec", workspace, "--secret-env", "TOKEN", "--", "sh", "-c"];
    expect((await exports().pyro.run([...use, 'test -n "$TOKEN" && echo used >used'])).status).toBe(0);
    await exports().pyro.run(["workspace", "snapshot", "create", workspace, "secretive"]);
    const directory = await exports().freshDirectory();
    const layout = path.join(directory, "layout");
    await exports().exportTo(layout, "secretive", workspace);
    await exports().pyro.run(["workspace", "delete", workspace]);
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
