// What the command line adds to the operations: streams, exit statuses, files and pipes.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runProcess } from "../../../src/platform/processes.js";
import type { CliResult } from "../../helpers/test-pyro.js";
import { useClient } from "../../helpers/use-client.js";

describe("pyro workspace", () => {
  const connected = useClient();
  let id = "";

  const pyro = (words: readonly string[], stdin?: string): Promise<CliResult> =>
    connected().pyro.run(["workspace", ...words], stdin === undefined ? {} : { stdin });

  beforeAll(async () => {
    const project = path.join(connected().pyro.directory, "project");
    await mkdir(project);
    await writeFile(path.join(project, "a.txt"), "one\ntwo\n");
    const created = await pyro(["create", "--seed-path", project, "--mem-mib", "512", "--id-only"]);
    expect(created.stderr).not.toContain("error:");
    id = created.stdout.toString().trimEnd();
  });

  test("create --id-only prints one id", () => {
    expect(id).toMatch(/^ws_[a-z2-7]{12}$/);
  });

  describe("exec", () => {
    test("passes stdin, stdout and stderr through and exits with the command's status", async () => {
      const { status, stdout, stderr } = await pyro(
        ["exec", id, "--", "sh", "-c", "cat; printf '\\377'; echo err >&2; exit 42"],
        "in\n",
      );
      expect(status).toBe(42);
      expect(stdout).toEqual(Buffer.concat([Buffer.from("in\n"), Buffer.of(0xff)]));
      expect(stderr).toMatch(
        /^err\n\[workspace-exec\] workspace_id=ws_\w+ .*exit_code=42 duration_ms=\d+\n$/,
      );
    });

    test("answers 124 after a timeout, and says so", async () => {
      const { status, stderr } = await pyro(["exec", id, "--timeout-seconds", "1", "--", "sleep", "100"]);
      expect(status).toBe(124);
      expect(stderr).toContain("command timed out after 1s\n");
    });

    test("answers 125 when pyro itself failed, in words and as JSON", async () => {
      expect(await pyro(["exec", "nobody", "--", "true"])).toMatchObject({
        status: 125,
        stderr: "error: there is no workspace nobody\nhint: See `pyro workspace list`.\n",
      });
      const { status, value } = await connected().pyro.json(["workspace", "exec", "nobody", "--", "true"]);
      expect(status).toBe(125);
      expect(value).toMatchObject({ error: { code: "workspace_not_found" } });
    });

    test("keeps the words of the guest's command as they are", async () => {
      const { stdout } = await pyro([
        "exec",
        "--cwd",
        "/tmp",
        id,
        "--",
        "printf",
        "%s|",
        "a b",
        "",
        "--json",
        "--",
      ]);
      expect(stdout.toString()).toBe("a b||--json|--|");
    });
  });

  test("a file goes in by stdin and comes out exactly", async () => {
    const text = "\ufefffirst\r\n\ttab \u001b[31m no newline";
    const written = await pyro(["file", "write", id, "new/b.txt", "--text-file", "-"], text);
    expect(written).toMatchObject({ status: 0, stderr: "" });
    expect(written.stdout.toString()).toContain("path=/workspace/new/b.txt");
    const read = await pyro(["file", "read", id, "new/b.txt", "--content-only"]);
    expect(read).toMatchObject({ status: 0, stderr: "" });
    expect(read.stdout.toString()).toBe(text);
  });

  test("a patch goes in by stdin; the diff comes out for `git apply`", async () => {
    const patch = "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n";
    expect(await pyro(["patch", "apply", id, "--patch-file", "-"], patch)).toMatchObject({ status: 0 });
    const { stdout, stderr } = await pyro(["diff", id, "--path", "a.txt"]);
    expect(stderr).toMatch(/^\[workspace-diff\] workspace_id=ws_\w+ changed=true total=1 /);
    const copy = path.join(connected().pyro.directory, "copy");
    await mkdir(copy);
    await writeFile(path.join(copy, "a.txt"), "one\ntwo\n");
    await writeFile(path.join(copy, "diff"), stdout);
    const applied = await runProcess(["git", "-C", copy, "apply", "diff"], { timeoutMs: 30_000 });
    expect(applied.exitCode, applied.stderr).toBe(0);
    expect(await readFile(path.join(copy, "a.txt"), "utf8")).toBe("one\n2\n");
  });

  test("a patch that does not fit changes nothing and says where", async () => {
    const patch = "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n other\n-lines\n+2\n";
    const { status, stdout, stderr } = await pyro(["patch", "apply", id, "--patch", patch]);
    expect(status).toBe(4);
    expect(stdout.toString()).toBe("");
    expect(stderr).toMatch(/^error: .*a\.txt/);
    expect(stderr).toMatch(/\nhint: .+\n$/);
  });

  test("stop, start, snapshot, reset and delete say what they did", async () => {
    await pyro(["snapshot", "create", id, "before"]);
    const said: string[] = [];
    for (const words of [["stop"], ["start"], ["reset", "--snapshot", "before"], ["delete"]]) {
      const [verb = "", ...flags] = words;
      const { status, stdout } = await pyro([verb, ...flags, id]);
      expect(status).toBe(0);
      said.push(stdout.toString().split("\n")[0] ?? "");
    }
    expect(said).toEqual([
      `Stopped workspace ID: ${id}`,
      `Started workspace ID: ${id}`,
      `Reset workspace ID: ${id}`,
      `Deleted workspace ID: ${id}`,
    ]);
    expect(await pyro(["status", id])).toMatchObject({ status: 3 });
  });
});
