// The ways to call an operation, each behind one function: the bare client, the SDK, the command line.

import { Client } from "../../../src/client/client.js";
import type { Pyro } from "../../../src/index.js";
import type { Operation } from "../../../src/operations/operation.js";
import { OPERATIONS, type OperationId } from "../../../src/operations/registry.js";
import { fromCamelCased } from "../../../src/sdk/camel-cased.js";
import { camelName } from "../../../src/sdk/camel-name.js";
import type { TestPyro } from "../../helpers/test-pyro.js";

type Input = Readonly<Record<string, unknown>>;

/** Calls an operation with its own names, and answers with them. */
export type Surface = (id: OperationId, input: Input) => Promise<unknown>;

export function clientSurface(cli: TestPyro): Surface {
  const client = new Client(cli.settings);
  return (id, input) => client.invokeUnparsed(id, input);
}

/** With `--json`. A command that fails in the guest exits with its status, so that the status is not looked at. */
export function cliSurface(cli: TestPyro): Surface {
  return async (id, input) => (await cli.json(toArgv(OPERATIONS[id], input))).value;
}

/** The words of the command line that mean `input`. */
function toArgv({ cli, id }: Operation, input: Input): string[] {
  if (!cli) throw new Error(`${id} is no command`);
  const argv: string[] = [...cli.words];
  for (const name of cli.positionals ?? []) if (name in input) argv.push(String(input[name]));
  for (const [name, value] of Object.entries(input)) {
    if (cli.positionals?.includes(name) || name === cli.argvField) continue;
    argv.push(...toFlags(`--${cli.flags?.[name] ?? name.replaceAll("_", "-")}`, value));
  }
  const guest = cli.argvField ? input[cli.argvField] : undefined;
  return Array.isArray(guest) ? [...argv, "--", ...guest.map(String)] : argv;
}

function toFlags(flag: string, value: unknown): string[] {
  if (value === true) return [flag];
  if (value === false) return [flag.replace("--", "--no-")];
  if (Array.isArray(value)) return value.flatMap((item) => [flag, String(item)]);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => [flag, `${key}=${String(item)}`]);
  }
  return [flag, String(value)];
}

const METHODS = {
  workspace_list: "listWorkspaces",
  workspace_update: "updateWorkspace",
  workspace_status: "statusWorkspace",
  workspace_exec: "execWorkspace",
  workspace_logs: "logsWorkspace",
  workspace_summary: "summarizeWorkspace",
  workspace_sync_push: "pushWorkspaceSync",
  workspace_file_list: "listWorkspaceFiles",
  workspace_file_read: "readWorkspaceFile",
  workspace_file_write: "writeWorkspaceFile",
  workspace_patch_apply: "applyWorkspacePatch",
  workspace_diff: "diffWorkspace",
  workspace_export: "exportWorkspace",
  workspace_reset: "resetWorkspace",
  workspace_stop: "stopWorkspace",
  workspace_start: "startWorkspace",
  workspace_delete: "deleteWorkspace",
  snapshot_create: "createSnapshot",
  snapshot_list: "listSnapshots",
  snapshot_delete: "deleteSnapshot",
} as const satisfies Partial<Record<OperationId, keyof Pyro>>;

export function sdkSurface(pyro: Pyro): Surface {
  return async (id, input) => {
    const options = Object.fromEntries(
      Object.entries(input).map(([name, value]) => [camelName(name), value]),
    );
    const result = await callMethod(pyro, id, options);
    return fromCamelCased(OPERATIONS[id].output, result);
  };
}

async function callMethod(pyro: Pyro, id: OperationId, options: Input): Promise<unknown> {
  if (id === "workspace_create") return (await pyro.createWorkspace(options)).record;
  const name: unknown = Reflect.get(METHODS, id);
  const method: unknown = typeof name === "string" ? Reflect.get(pyro, name) : undefined;
  if (typeof method !== "function") throw new Error(`${id} has no method`);
  return Reflect.apply(method, pyro, [options]);
}
