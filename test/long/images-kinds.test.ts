// Images of other distributions and of none: every operation that can work with one does, the rest says what is missing.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../src/client/client.js";
import type { InputOf, ResultOf } from "../../src/operations/registry.js";
import { connectClient } from "../helpers/connected-client.js";
import { KINDS, pushKind } from "../helpers/images/kinds.js";
import { run } from "../helpers/images/make-images.js";
import { holding, useImages } from "../helpers/images/use-images.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { awaitParked } from "../helpers/parked-guests.js";
import { ask } from "../helpers/services.js";
import { TestShell } from "../helpers/shell.js";
import { makeProject } from "../helpers/workspace.js";

const TOKEN = "hunterTwoHunterTwo";
const PATCH = "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n";
const ROOT = /^uid=0 gid=0 groups= name=(root|-) HOME=\/root cwd=\/workspace tty=0\n$/;
const ADVICE = "give a program with its arguments instead of a command line";

const containing = (text: string): unknown => expect.stringContaining(text);

const images = useImages(async (each) => {
  for (const kind of KINDS) await pushKind(each, kind);
});

let client: Client;
beforeAll(async () => {
  client = await connectClient(images().pyro);
});

describe.each(KINDS)("$title", (kind) => {
  const { program, shell } = kind;
  const name = () => images().name(kind.image);
  let workspace_id = "";

  const exec = (
    command: InputOf<"workspace_exec">["command"],
    more: Partial<InputOf<"workspace_exec">> = {},
  ): Promise<ResultOf<"workspace_exec">> =>
    client.invoke("workspace_exec", { workspace_id, command, ...more });
  const readFileInGuest = async (file: string) =>
    (await client.invoke("workspace_file_read", { workspace_id, path: file })).content;

  test("is known by its distribution and its packages", async () => {
    const { status } = await images().pyro.run(["env", "pull", name()]);
    expect(status).toBe(0);
    const [distribution, distribution_version] = kind.distribution;
    const inspected = await client.invoke("env_inspect", { environment: name() });
    expect(inspected).toMatchObject({ distribution, distribution_version });
    expect(inspected.install_manifest?.packages).toEqual(
      holding(...kind.packages.map((each): unknown => expect.objectContaining(each))),
    );
  });

  test("runs a program as its user, in its directory, with what comes on stdin", async () => {
    const { pyro } = images();
    expect((await pyro.run(["run", name(), "--", program, "show"])).stdout.toString()).toBe(kind.shown);
    const copied = await pyro.run(["run", name(), "--", program, "copy"], { stdin: "through\n" });
    expect(copied.stdout.toString()).toBe("through\n");
    expect((await pyro.run(["run", name()], { stdin: "exit 0\n" })).status).toBe(0);
  });

  test("a workspace of it takes a checkout, commands, edits and a patch, and diffs", async () => {
    const project = await makeProject(images().pyro, { "a.txt": "one\n", "kept.txt": "kept\n" });
    await run("git", "init", "-q", project);
    const secrets = [{ name: "TOKEN", value: TOKEN }];
    const network_policy = "egress+published-ports";
    const input = { environment: name(), seed_path: project, network_policy, secrets } as const;
    ({ workspace_id } = await client.invoke("workspace_create", input));
    expect((await exec([program, "show"])).stdout).toMatch(ROOT);
    expect(await exec([program, "write", "made.txt", "made\n"])).toMatchObject({ exit_code: 0 });
    await client.invoke("workspace_file_write", { workspace_id, path: "deep/er.txt", text: "x\n" });
    await client.invoke("workspace_patch_apply", { workspace_id, patch: PATCH });
    const { entries } = await client.invoke("workspace_file_list", { workspace_id });
    expect(entries.map((each) => path.basename(each.path))).toEqual(
      holding(".git", "a.txt", "deep", "kept.txt", "made.txt"),
    );
    const diff = await client.invoke("workspace_diff", { workspace_id });
    expect(diff).toMatchObject({ summary: { total: 3, added: 2, modified: 1 } });
    expect(diff.patch).toContain("-one\n+two\n");
  });

  test("its workspace is captured, reset, exported and pushed into", async () => {
    const { pyro } = images();
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "edited" });
    const source_path = await makeProject(pyro, { "pushed.txt": "pushed\n" });
    await client.invoke("workspace_sync_push", { workspace_id, source_path });
    expect(await readFileInGuest("pushed.txt")).toBe("pushed\n");
    await client.invoke("workspace_reset", { workspace_id, snapshot: "edited" });
    await expect(readFileInGuest("pushed.txt")).rejects.toMatchObject({ code: "path_not_found" });
    expect(await readFileInGuest("a.txt")).toBe("two\n");
    const output_path = path.join(await makeProject(pyro, {}), "out");
    await client.invoke("workspace_export", { workspace_id, path: "deep", output_path });
    expect(await readFile(path.join(output_path, "er.txt"), "utf8")).toBe("x\n");
    expect(await client.invoke("workspace_summary", { workspace_id })).toMatchObject({
      changes: { summary: { total: 3 } },
    });
  });

  test("its programs get secrets, and show none", async () => {
    const shown = await exec([program, "variable", "T"], { secret_env: { TOKEN: "T" } });
    expect(shown).toMatchObject({ exit_code: 0, stdout: "[redacted:TOKEN]\n" });
    const file = await exec([program, "copy", "/run/pyro-secrets/TOKEN"]);
    expect(JSON.stringify(file)).not.toContain(TOKEN);
  });

  test("a service of it gets ready, is published, has a log and stops", async () => {
    const started = await client.invoke("service_start", {
      ...{ workspace_id, service_name: "web", command: [program, "serve", "8080"], ready_tcp: 8080 },
      published_ports: [{ guest_port: 8080 }],
    });
    expect(started).toMatchObject({ state: "running", problem: null });
    expect((await ask(started.published_ports[0]?.host_port ?? 0, "")).toString()).toBe("from the guest\n");
    const service = { workspace_id, service_name: "web" };
    expect(await client.invoke("service_logs", service)).toMatchObject({ stdout: "serving 8080\n" });
    expect(await client.invoke("service_stop", service)).toMatchObject({ state: "stopped" });
  });

  if (shell !== undefined) {
    test("command lines and shells work in it", async () => {
      expect(await exec("cd / && echo $HOME $((6 * 7))")).toMatchObject({ stdout: "/root 42\n" });
      const opened = await TestShell.open(client, workspace_id);
      const answer = await opened.ask(`echo $0 $SHELL; ${program} show`, "tty=1");
      expect(answer).toContain(`${shell} ${shell}`);
      expect(await opened.ask("stty size", "30 120")).toContain("30 120");
      await opened.close();
      const command = "echo line; sleep 1000";
      const ready = { ready_command: "true" };
      const input = { workspace_id, service_name: "line", command, ...ready };
      expect(await client.invoke("service_start", input)).toMatchObject({ state: "running" });
    });
  } else {
    test("what needs a shell says that there is none", async () => {
      const noShell = containing(`the guest has no shell; ${ADVICE}`);
      expect(await exec("echo hello")).toMatchObject({ exit_code: 127, stderr: noShell });
      expect(await exec(["sh", "-c", "true"])).toMatchObject({
        exit_code: 127,
        stderr: "pyro: sh: command not found\n",
      });
      await expect(client.invoke("shell_open", { workspace_id })).rejects.toMatchObject({
        code: "program_missing",
        message: "the guest has no shell: no bash and no sh in its PATH",
        hint: containing("pyro workspace exec"),
      });
      const line = { workspace_id, service_name: "line", command: "echo line" };
      expect(await client.invoke("service_start", line)).toMatchObject({
        ...{ state: "failed", stop_reason: "could_not_start", problem: noShell },
      });
      const server = { workspace_id, service_name: "looked-at", command: [program, "serve", "8081"] };
      const ready = { ready_command: "true", ready_timeout_seconds: 1 };
      expect(await client.invoke("service_start", { ...server, ...ready })).toMatchObject({
        ...{ state: "failed", stop_reason: "readiness_timeout", problem: noShell },
      });
    });
  }

  test(`git is ${kind.hasGit ? "there, and takes the checkout for its own" : "missing, and that is said"}`, async () => {
    const status = await exec(["git", "status", "--short"]);
    if (kind.hasGit) expect(status).toMatchObject({ exit_code: 0, stdout: containing("?? made.txt\n") });
    else expect(status).toMatchObject({ exit_code: 127, stderr: "pyro: git: command not found\n" });
  });

  test("stopped, its disk is looked at and exported; started, it has its files", async () => {
    const { pyro } = images();
    await client.invoke("workspace_stop", { workspace_id });
    const list = await client.invoke("workspace_disk_list", { workspace_id, path: "." });
    expect(list.entries).toEqual(holding(expect.objectContaining({ path: "/workspace/made.txt" })));
    expect(await client.invoke("workspace_disk_read", { workspace_id, path: "made.txt" })).toMatchObject({
      content: "made\n",
    });
    const output_path = path.join(await makeProject(pyro, {}), "disk.img");
    await client.invoke("workspace_disk_export", { workspace_id, output_path });
    expect(await run("debugfs", "-R", "cat /workspace/a.txt", output_path)).toBe("two\n");
    await client.invoke("workspace_start", { workspace_id });
    expect(await exec([program, "show"])).toMatchObject({ exit_code: 0 });
    expect(await readFileInGuest("a.txt")).toBe("two\n");
    await client.invoke("workspace_delete", { workspace_id });
    await expectNothingLeft(pyro);
  });

  test("prepare proves it, and the next run takes the parked guest", async () => {
    const cache = images().pyro.settings.environmentCacheDir;
    const parking = await images().openPyro({ PYRO_POOL: "1", PYRO_ENVIRONMENT_CACHE_DIR: cache });
    const prepared = await parking.run(["prepare", name(), "--network"]);
    expect(prepared.status, prepared.stderr).toBe(0);
    const own = await connectClient(parking);
    await awaitParked(own);
    const before = (await own.invoke("daemon_status", {})).pool;
    expect((await parking.run(["run", name(), "--", program, "show"])).stdout.toString()).toBe(kind.shown);
    const { hits, misses } = (await own.invoke("daemon_status", {})).pool;
    expect({ hits, misses }).toEqual({ hits: before.hits + 1, misses: before.misses });
    await parking.run(["daemon", "stop", "--force"]);
  });
});

test("a package of rpm's database is there for the guest's own rpm", async () => {
  const { stdout } = await images().pyro.run(["run", images().name("fedora:40"), "--", "rpm", "-qa"]);
  expect(stdout.toString()).toBe("pyro-sample-1.2-3.noarch\n");
});

test("the user of a devcontainer writes in its home, and not in what is root's", async () => {
  const script = "touch ~/mine && ~/.local/bin/tool show && echo $EDITOR && touch /etc/not-mine";
  const name = images().name("devcontainer:1");
  const { status, stdout, stderr } = await images().pyro.run(["run", name, "--", "bash", "-c", script]);
  expect(stderr).toContain("/etc/not-mine': Permission denied");
  expect(stdout.toString()).toContain("name=vscode HOME=/home/vscode cwd=/workspaces/app");
  expect(stdout.toString()).toContain("\nnone\n");
  expect(status).toBe(1);
});
