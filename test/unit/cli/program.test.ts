// The user's words to the daemon and its answer back, against a server that answers as a test wants.

import { describe, expect, test } from "vitest";
import { HumanOutput } from "../../../src/cli/human-output.js";
import { buildProgram } from "../../../src/cli/program.js";
import { splitArgv } from "../../../src/cli/split-argv.js";
import { formatResult, OPERATIONS_PATH } from "../../../src/contract/wire.js";
import { CapturedStream } from "../helpers/captured-stream.js";
import { serve } from "../sdk/fake-daemon.js";
import { useEnvironmentOf } from "../sdk/settings-environment.js";
import { makeExecResult, makeWorkspaceRecord, WORKSPACE_ID } from "./render/workspace-results.js";

interface Ran {
  readonly operation: string;
  readonly input: unknown;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

async function pyro(argv: readonly string[], result: object): Promise<Ran> {
  let operation = "";
  let body = "";
  const { client } = await serve((request, response) => {
    operation = request.url?.slice(OPERATIONS_PATH.length) ?? "";
    // Not at its end: what this process's stdin is comes after the line of the input.
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
      if (body.endsWith("\n")) response.end(formatResult(result));
    });
  });
  useEnvironmentOf(client.settings);
  const stdout = new CapturedStream();
  const stderr = new CapturedStream();
  const { own, guest } = splitArgv(argv);
  let status = 0;
  const { signal } = new AbortController();
  const output = new HumanOutput(stdout, stderr);
  const setStatus = (value: number) => (status = value);
  await buildProgram({ output, guest, signal, setStatus }).parseAsync([...own], { from: "user" });
  return { operation, input: JSON.parse(body), stdout: stdout.text, stderr: stderr.text, status };
}

const RECORD = makeWorkspaceRecord();

describe("nested words", () => {
  test.each([
    [["workspace", "status", "ws"], "workspace_status", { workspace_id: "ws" }],
    [["workspace", "start", "ws"], "workspace_start", { workspace_id: "ws" }],
    [
      ["workspace", "update", "--label", "a=1", "ws"],
      "workspace_update",
      { workspace_id: "ws", labels: { a: "1" } },
    ],
  ])("%j reach their operation", async (argv, operation, input) => {
    expect(await pyro(argv, RECORD)).toMatchObject({ operation, input, status: 0 });
  });

  test("of three: a snapshot's", async () => {
    const result = { workspace_id: WORKSPACE_ID, snapshot_name: "deps", deleted: true };
    const ran = await pyro(["workspace", "snapshot", "delete", "ws", "deps"], result);
    expect(ran).toMatchObject({
      operation: "snapshot_delete",
      input: { workspace_id: "ws", snapshot_name: "deps" },
    });
  });
});

test("--id-only prints the id and nothing else", async () => {
  const ran = await pyro(["workspace", "create", "--id-only"], RECORD);
  expect(ran).toMatchObject({ input: {}, stdout: `${WORKSPACE_ID}\n`, stderr: "" });
});

test("--content-only prints the content exactly, and no line", async () => {
  const content = "\ufeffa\u001b[2J\r\nno newline";
  const read = {
    workspace_id: WORKSPACE_ID,
    path: "/workspace/a",
    size_bytes: 1,
    offset: 0,
    max_bytes: 9,
    content,
    truncated: true,
    next_offset: 5,
    redacted: false,
  };
  const argv = ["workspace", "file", "read", "ws", "a"];
  expect(await pyro([...argv, "--content-only"], read)).toMatchObject({ stdout: content, stderr: "" });
  expect((await pyro(argv, read)).stdout).toBe(content);
});

test("a path of the host leaves absolute, a path of the guest as it is", async () => {
  const created = await pyro(["workspace", "create", "--seed-path", "project"], RECORD);
  expect(created.input).toEqual({ seed_path: `${process.cwd()}/project` });
  const exported = await pyro(["workspace", "export", "ws", "dist", "--output", "./out/"], {
    workspace_id: WORKSPACE_ID,
    workspace_path: "/workspace/dist",
    output_path: "/o",
    artifact_type: "directory",
    entry_count: 1,
    bytes_written: 1,
    skipped: [],
    skipped_count: 0,
  });
  expect(exported.input).toEqual({
    workspace_id: "ws",
    path: "dist",
    output_path: `${process.cwd()}/out`,
  });
});

test("exec passes on the guest's words untouched and answers with the command's status", async () => {
  const argv = [
    "workspace",
    "exec",
    "--cwd",
    "src",
    "ws",
    "--timeout-seconds",
    "5",
    "--",
    "sh",
    "-c",
    "--",
    "",
  ];
  const ran = await pyro(argv, makeExecResult({ exit_code: 42 }));
  expect(ran).toMatchObject({
    operation: "workspace_exec",
    input: { workspace_id: "ws", cwd: "src", timeout_seconds: 5, command: ["sh", "-c", "--", ""] },
    stdout: "",
    status: 42,
  });
});
