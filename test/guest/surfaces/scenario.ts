// One life of a workspace, as steps that any surface can take.

import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { OperationId } from "../../../src/operations/registry.js";
import { runProcess } from "../../../src/platform/processes.js";
import type { Surface } from "./surfaces.js";

export interface Step {
  readonly id: OperationId;
  readonly input: Readonly<Record<string, unknown>>;
}

export const NAME = "scenario";

const PATCH = `--- a/src/main.py
+++ b/src/main.py
@@ -1,2 +1,2 @@
 print("hello")
-print("world")
+print("\u2603")
`;

/** A Git checkout with a file that is committed, one that is not, and one that is ignored. */
export async function makeProject(directory: string): Promise<string> {
  const project = path.join(directory, "project");
  await mkdir(path.join(project, "src"), { recursive: true });
  await writeFile(path.join(project, "src", "main.py"), 'print("hello")\nprint("world")\n');
  await writeFile(path.join(project, ".gitignore"), "*.log\n");
  await writeFile(path.join(project, "ignored.log"), "no\n");
  const git = async (...args: readonly string[]) => {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    const { exitCode, stderr } = await runProcess(["git", "-C", project, ...identity, ...args], {
      timeoutMs: 30_000,
    });
    if (exitCode !== 0) throw new Error(stderr);
  };
  await git("init", "-q");
  await git("add", ".");
  await git("commit", "-q", "-m", "first");
  await writeFile(path.join(project, "untracked.txt"), "here\n");
  return project;
}

/** `output`: a directory of the host for what is exported. */
export function listSteps(project: string, output: string): readonly Step[] {
  const workspace = { workspace_id: NAME };
  const exec = (script: string) => ({ ...workspace, command: ["sh", "-c", script] });
  return [
    {
      id: "workspace_create",
      input: { seed_path: project, name: NAME, mem_mib: 512, labels: { my_label: "a_b", other: "=x y" } },
    },
    { id: "workspace_status", input: workspace },
    { id: "workspace_file_list", input: { ...workspace, recursive: true } },
    { id: "workspace_file_read", input: { ...workspace, path: "src/main.py", max_bytes: 7, offset: 2 } },
    { id: "workspace_exec", input: exec("echo out; printf '\\377' >&2; exit 3") },
    { id: "workspace_patch_apply", input: { ...workspace, patch: PATCH } },
    { id: "workspace_file_write", input: { ...workspace, path: "a/b.txt", text: "written\n\ttab ☃" } },
    { id: "snapshot_create", input: { ...workspace, snapshot_name: "edited" } },
    { id: "workspace_exec", input: { ...exec("python3 main.py; rm ../untracked.txt"), cwd: "src" } },
    { id: "workspace_diff", input: workspace },
    { id: "workspace_diff", input: { ...workspace, include_patch: false, path: "a" } },
    { id: "workspace_sync_push", input: { ...workspace, source_path: project, dest: "/workspace/copy" } },
    { id: "workspace_export", input: { ...workspace, path: "a", output_path: path.join(output, "a") } },
    { id: "workspace_logs", input: workspace },
    { id: "workspace_logs", input: { ...workspace, sequence: 1, stream: "stdout", offset: 1, max_bytes: 2 } },
    { id: "workspace_summary", input: workspace },
    { id: "workspace_update", input: { ...workspace, labels: { third: "" }, clear_labels: ["other"] } },
    { id: "workspace_list", input: {} },
    { id: "workspace_reset", input: { ...workspace, snapshot: "edited" } },
    { id: "workspace_diff", input: workspace },
    { id: "snapshot_list", input: workspace },
    { id: "workspace_stop", input: workspace },
    { id: "workspace_start", input: workspace },
    { id: "workspace_file_read", input: { ...workspace, path: "/workspace/a/b.txt" } },
    { id: "snapshot_delete", input: { ...workspace, snapshot_name: "edited" } },
    { id: "workspace_delete", input: workspace },
  ];
}

/** The result of every step, in order. */
export async function playScenario(surface: Surface, steps: readonly Step[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const { id, input } of steps) results.push(await surface(id, input));
  return results;
}
