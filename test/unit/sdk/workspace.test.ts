// The handle of a workspace, against a server that answers as a test wants.

import { describe, expect, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import { formatError, formatResult, OPERATIONS_PATH } from "../../../src/contract/wire.js";
import { Pyro } from "../../../src/sdk/pyro.js";
import {
  makeDiff,
  makeExecResult,
  makeWorkspaceRecord,
  WORKSPACE_ID,
} from "../cli/render/workspace-results.js";
import { serve } from "./fake-daemon.js";
import { useEnvironmentOf } from "./settings-environment.js";

interface Served {
  readonly pyro: Pyro;
  /** Operations and inputs, as they came. */
  readonly calls: (readonly [operation: string, input: unknown])[];
}

const RECORD = makeWorkspaceRecord({ name: "n", labels: { my_label: "a_b" } });
const RESET = {
  snapshot_name: "baseline",
  kind: "baseline",
  destination: "/workspace",
  entry_count: 0,
  bytes_written: 0,
};

/** A Pyro whose calls are answered by `answers`, else by a workspace's record. */
async function makePyro(answers: Readonly<Record<string, object>> = {}): Promise<Served> {
  const calls: Served["calls"] = [];
  const { client } = await serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const operation = request.url?.slice(OPERATIONS_PATH.length) ?? "";
      calls.push([operation, JSON.parse(body)]);
      const answer = answers[operation] ?? RECORD;
      response.end(answer instanceof PyroError ? formatError(answer) : formatResult(answer));
    });
  });
  useEnvironmentOf(client.settings);
  return { pyro: new Pyro(), calls };
}

test("creation gives a handle with the record: its keys camelCase, the user's labels as they are", async () => {
  const { pyro, calls } = await makePyro();
  const workspace = await pyro.createWorkspace({ seedPath: "/p", labels: { my_label: "a_b" }, memMib: 512 });
  expect(calls).toEqual([
    ["workspace_create", { seed_path: "/p", labels: { my_label: "a_b" }, mem_mib: 512 }],
  ]);
  expect(workspace.id).toBe(WORKSPACE_ID);
  expect(workspace.record).toMatchObject({
    workspaceId: WORKSPACE_ID,
    labels: { my_label: "a_b" },
    workspaceSeed: { entryCount: 0, skippedCount: 0 },
    lastCommand: null,
  });
});

test("a relative seed counts from this process's directory, not from the daemon's", async () => {
  const { pyro, calls } = await makePyro();
  await pyro.createWorkspace({ seedPath: "project" });
  expect(calls).toEqual([["workspace_create", { seed_path: `${process.cwd()}/project` }]]);
});

test("opening by name keeps to the workspace by its id", async () => {
  const { pyro, calls } = await makePyro({ workspace_exec: makeExecResult() });
  const workspace = await pyro.workspace("n");
  await workspace.exec({ command: ["ls"] });
  expect(calls).toEqual([
    ["workspace_status", { workspace_id: "n" }],
    ["workspace_exec", { workspace_id: WORKSPACE_ID, command: ["ls"] }],
  ]);
});

describe("a call of the handle", () => {
  test("carries the workspace and comes back renamed", async () => {
    const { pyro, calls } = await makePyro({ workspace_diff: makeDiff() });
    const workspace = await pyro.createWorkspace();
    const diff = await workspace.diff({ includeIgnored: true });
    expect(calls.at(-1)).toEqual(["workspace_diff", { workspace_id: WORKSPACE_ID, include_ignored: true }]);
    expect(diff).toMatchObject({
      patchTruncated: false,
      summary: { textPatched: 1 },
      entries: [{ inPatch: true }],
    });
  });

  test.each([
    ["status", (workspace: Handle) => workspace.status()],
    ["update", (workspace: Handle) => workspace.update({ name: "m" })],
    ["stop", (workspace: Handle) => workspace.stop()],
    ["start", (workspace: Handle) => workspace.start()],
  ])("%s renews what the handle knows", async (_, use) => {
    const answers = { workspace_create: { ...RECORD, command_count: 1 } };
    const { pyro } = await makePyro(answers);
    const workspace = await pyro.createWorkspace();
    expect(workspace.record.commandCount).toBe(1);
    expect(await use(workspace)).toEqual(workspace.record);
    expect(workspace.record.commandCount).toBe(0);
  });

  test("a reset does so too, and tells what it did beside it", async () => {
    const { pyro } = await makePyro({
      workspace_reset: { ...RECORD, reset_count: 1, workspace_reset: RESET },
    });
    const workspace = await pyro.createWorkspace();
    const result = await workspace.reset();
    expect(result.workspaceReset.snapshotName).toBe("baseline");
    expect(workspace.record).toMatchObject({ resetCount: 1 });
    expect(workspace.record).not.toHaveProperty("workspaceReset");
  });
});

type Handle = Awaited<ReturnType<Pyro["createWorkspace"]>>;

describe("disposal", () => {
  test("deletes the workspace", async () => {
    const deleted = { workspace_id: WORKSPACE_ID, deleted: true, reason: "explicit_delete" };
    const { pyro, calls } = await makePyro({ workspace_delete: deleted });
    {
      await using _workspace = await pyro.createWorkspace();
    }
    expect(calls.at(-1)).toEqual(["workspace_delete", { workspace_id: WORKSPACE_ID }]);
  });

  test("of one that is gone already is a success", async () => {
    const { pyro } = await makePyro({ workspace_delete: new PyroError("workspace_not_found", "gone") });
    const workspace = await pyro.createWorkspace();
    await workspace[Symbol.asyncDispose]();
  });

  test("that fails says so", async () => {
    const { pyro } = await makePyro({ workspace_delete: new PyroError("conflict", "busy") });
    const workspace = await pyro.createWorkspace();
    await expect(workspace[Symbol.asyncDispose]()).rejects.toMatchObject({ code: "conflict" });
  });
});
