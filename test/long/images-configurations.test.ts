// What images say about their commands, when it is odd, wrong or meant to do harm.

import { chmod, copyFile, lstat, mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { connectClient } from "../helpers/connected-client.js";
import { compileGuestProgram } from "../helpers/images/guest-program.js";
import { makeAlpineTree } from "../helpers/images/alpine-tree.js";
import { run } from "../helpers/images/make-images.js";
import { useImages, type Images } from "../helpers/images/use-images.js";
import { TestShell } from "../helpers/shell.js";

const SHOW = ["--", "guest-program", "show"];

/** The tree of most images here: as Alpine's, with links that a registry's image may have. */
async function fill(images: Images): Promise<void> {
  const tree = images.treePath("odd");
  await makeAlpineTree(tree);
  await symlink("/../../../../made-by-workdir", path.join(tree, "out"));
  await symlink("nowhere", path.join(tree, "dangling"));
  await writeFile(path.join(tree, "file"), "");
  // Of a library that the image does not have.
  await compileGuestProgram(path.join(tree, "usr/bin/foreign"), "glibc");
  await symlink("/srv/tools/sh", path.join(tree, "usr/bin/bash"));
  const push = (name: string, config: readonly string[], shell?: readonly string[]) =>
    images.push(`team/${name}`, tree, config, { shell });
  await push("plain:1", []);
  await push("number:1", ["--config.user", "4321"]);
  await push("number-group:1", ["--config.user", "4321:extra"]);
  await push("groups:1", ["--config.user", "app"]);
  await push("no-user:1", ["--config.user", "nobody-here"]);
  await push("no-group:1", ["--config.user", "app:nobodies"]);
  await push("home:1", ["--config.user", "app", "--config.env", "HOME=/elsewhere"]);
  await push("link:1", ["--config.workingdir", "/out/below"]);
  await push("dangling:1", ["--config.workingdir", "/dangling"]);
  await push("file:1", ["--config.workingdir", "/file"]);
  await push("no-program:1", ["--config.entrypoint", "/no/such/program"]);
  await push("foreign:1", ["--config.entrypoint", "foreign"]);
  await push("no-shell:1", [], ["/bin/zsh", "-c"]);
  await push("own-shell:1", ["--config.env", "SHELL=/no/zsh"], ["/bin/busybox", "sh", "-euc"]);
  await pushShellElsewhere(images);
  await pushHostile(images);
}

/** As Nix's images: nothing in /bin, a shell where only PATH says. */
async function pushShellElsewhere(images: Images): Promise<void> {
  const tree = images.treePath("elsewhere");
  await mkdir(path.join(tree, "store/busybox/bin"), { recursive: true });
  const shell = path.join(tree, "store/busybox/bin/sh");
  await copyFile("/bin/busybox", shell);
  await chmod(shell, 0o755);
  await images.push("team/elsewhere:1", tree, ["--config.env", "PATH=/nowhere:/store/busybox/bin"]);
}

/** What a pull reads of a tree is something else than it seems. */
async function pushHostile(images: Images): Promise<void> {
  const tree = await images.makeTree("hostile");
  for (const folder of ["usr/lib", "var/lib/dpkg", "lib/apk/db"]) {
    await mkdir(path.join(tree, folder), { recursive: true });
  }
  await run("rm", path.join(tree, "etc/os-release"));
  await run("mkfifo", path.join(tree, "etc/os-release"));
  await symlink("/proc/self/root/../../../../../../etc/os-release", path.join(tree, "usr/lib/os-release"));
  await symlink("status", path.join(tree, "var/lib/dpkg/status"));
  await writeFile(path.join(tree, "lib/apk/db/installed"), "");
  await truncate(path.join(tree, "lib/apk/db/installed"), 40 * 1024 * 1024);
  await images.push("team/hostile:1", tree);
}

const images = useImages(fill);

const containing = (text: string): unknown => expect.stringContaining(text);

async function runIn(image: string, args: readonly string[]) {
  const { status, stdout, stderr } = await images().pyro.run(["run", images().name(image), ...args]);
  return { status, stdout: stdout.toString(), stderr };
}

describe("an image's user", () => {
  test.each([
    ["number:1", "uid=4321 gid=0 groups= name=- HOME=/ cwd=/ tty=0\n"],
    ["number-group:1", "uid=4321 gid=44 groups= name=- HOME=/ cwd=/ tty=0\n"],
    ["groups:1", "uid=1000 gid=1001 groups=44 name=app HOME=/srv/app cwd=/ tty=0\n"],
    ["home:1", "uid=1000 gid=1001 groups=44 name=app HOME=/elsewhere cwd=/ tty=0\n"],
  ])("of %s gets what a login would give it", async (image, shown) => {
    expect((await runIn(image, SHOW)).stdout).toBe(shown);
  });

  test.each([
    ["no-user:1", `user "nobody-here" is not in its /etc/passwd`],
    ["no-group:1", `group "nobodies" is not in its /etc/group`],
  ])("of %s is missing, and named; a workspace, which is root's, works", async (image, words) => {
    const { status, stderr } = await runIn(image, SHOW);
    expect(stderr).toContain(words);
    expect(status).toBe(126);
    const client = await connectClient(images().pyro);
    const { workspace_id } = await client.invoke("workspace_create", { environment: images().name(image) });
    const shell = await TestShell.open(client, workspace_id);
    expect(await shell.ask("guest-program show", "tty=1")).toContain("uid=0 gid=0");
    await client.invoke("workspace_delete", { workspace_id });
  });
});

describe("an image's working directory", () => {
  test.each([
    ["link:1", "/made-by-workdir/below"],
    ["dangling:1", "/nowhere"],
  ])("of %s, behind links to what is not there, is made in the guest: %s", async (image, directory) => {
    expect((await runIn(image, SHOW)).stdout).toContain(`cwd=${directory} `);
    await expect(lstat(directory)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("that is a file is named", async () => {
    const { status, stderr } = await runIn("file:1", SHOW);
    expect(stderr).toContain(`the image's working directory "/file" is not a directory`);
    expect(status).toBe(2);
  });
});

describe("an image's program", () => {
  test.each([
    ["no-program:1", "pyro: /no/such/program: command not found\n"],
    ["foreign:1", "pyro: foreign: its interpreter is not found\n"],
  ])("that is missing, or whose loader is (%s), is named", async (image, words) => {
    const { status, stderr } = await runIn(image, []);
    expect(stderr).toContain(words);
    expect(status).toBe(127);
  });

  test("when there is none, `run` says that it needs a command", async () => {
    const { status, stderr } = await runIn("plain:1", []);
    expect(stderr).toMatch(/error: .*command/);
    expect(status).toBe(2);
  });
});

describe("an image's shell", () => {
  test.each([
    ["own-shell:1", "echo $-; echo $0", { exit_code: 0, stdout: "uce\nsh\n" }],
    [
      "no-shell:1",
      "echo hello",
      { exit_code: 127, stderr: containing(`the image's shell "/bin/zsh" is not found`) },
    ],
    ["elsewhere:1", "echo $0", { exit_code: 0, stdout: "sh\n" }],
    // bash leads nowhere: sh is the next best.
    ["plain:1", "echo $0", { exit_code: 0, stdout: "sh\n" }],
  ])("of %s takes command lines, or is named when it is missing", async (image, command, result) => {
    const client = await connectClient(images().pyro);
    expect(await client.invoke("vm_run", { environment: images().name(image), command })).toMatchObject(
      result,
    );
  });

  test.each(["own-shell:1", "no-shell:1", "elsewhere:1", "plain:1"])(
    "whatever it is, a shell of %s opens with one that is there",
    async (image) => {
      const client = await connectClient(images().pyro);
      const { workspace_id } = await client.invoke("workspace_create", { environment: images().name(image) });
      const shell = await TestShell.open(client, workspace_id);
      const program = image === "elsewhere:1" ? "/store/busybox/bin/sh" : "/bin/sh";
      expect(await shell.ask("echo in $SHELL", /in \//)).toContain(`in ${program}`);
      await client.invoke("workspace_delete", { workspace_id });
    },
  );
});

test("a tree that means to mislead a pull is installed, and nothing is read from outside of it", async () => {
  const client = await connectClient(images().pyro);
  const environment = images().name("hostile:1");
  const pulled = await client.invoke("env_pull", { environment });
  expect(pulled).toMatchObject({
    ...{ distribution: "", distribution_version: "" },
    install_manifest: { packages: [] },
  });
  expect((await runIn("hostile:1", ["--", "sh", "-c", "echo works"])).stdout).toBe("works\n");
});
