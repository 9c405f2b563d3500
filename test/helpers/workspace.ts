// Workspaces of a test, through the client. All are of the smallest environment that has git, and small ones of the base.

import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import type { Client } from "../../src/client/client.js";
import type { InputOf, ResultOf } from "../../src/operations/registry.js";
import { ENVIRONMENT } from "./one-shot.js";
import type { TestPyro } from "./test-pyro.js";

/** A shell script that prints how many `sleep`s run: the smallest environment has no pgrep. */
export const COUNT_SLEEPS = "cat /proc/[0-9]*/comm | grep -c '^sleep$' || true";

export type WorkspaceResult = ResultOf<"workspace_status">;

export async function createWorkspace(
  client: Client,
  input: Partial<InputOf<"workspace_create">> = {},
): Promise<WorkspaceResult> {
  return client.invoke("workspace_create", { environment: ENVIRONMENT, ...input });
}

/** One shell script; its stdout. Fails when it exits with anything but 0. */
export async function sh(client: Client, workspaceId: string, script: string): Promise<string> {
  const result = await client.invoke("workspace_exec", {
    workspace_id: workspaceId,
    command: ["sh", "-c", script],
  });
  expect(result, `${script}: ${result.stderr}`).toMatchObject({ exit_code: 0 });
  return result.stdout;
}

/** A project in a directory of the test's own; returns its path. */
export async function makeProject(pyro: TestPyro, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(pyro.directory, "project-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), content);
  }
  return directory;
}
