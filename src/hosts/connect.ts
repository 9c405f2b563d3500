// Connect a host, and repair its entry: afterwards the host itself shows the canonical command.

import { isDeepStrictEqual } from "node:util";
import { PyroError } from "../contract/errors.js";
import type { ServeOptions } from "../contract/serve-options.js";
import type { AgentHost, EntryPlace, HostContext, HostEntry } from "./agent-host.js";
import { listDifferences } from "./drift.js";
import { requireHostProgram, type HostProgram } from "./host-program.js";
import { repairCommand } from "./repair-command.js";
import { SERVER_NAME, type ServerCommand } from "./server-command.js";
import { SERVER_VARIABLES } from "./server-variables.js";

export interface ConnectRequest {
  readonly command: ServerCommand;
  /** Of which the command was built. */
  readonly options: ServeOptions;
  readonly place: EntryPlace;
}

export interface ConnectOutcome extends HostProgram {
  readonly changed: boolean;
  readonly entry: HostEntry;
  /** What was done beside, or was not kept. */
  readonly notes: readonly string[];
}

/** Entries of one name in as many scopes as a host has. */
const ENTRIES_MAX = 3;

/** Adds the entry; the same one already there is a success, another one a `conflict`. */
export function connectHost(
  host: AgentHost,
  request: ConnectRequest,
  context: HostContext,
): Promise<ConnectOutcome> {
  return settleEntry(host, request, context, (differences) => {
    throw new PyroError(
      "conflict",
      `${host.title} has another server \`${SERVER_NAME}\`: ${differences.join("; ")}`,
      { hint: `Replace it with \`${repairCommand(host.id, request)}\`.`, details: { differences } },
    );
  });
}

/** Makes the entry canonical, whatever is there. Variables of the user's own in it stay. */
export function repairHost(
  host: AgentHost,
  request: ConnectRequest,
  context: HostContext,
): Promise<ConnectOutcome> {
  return settleEntry(host, request, context, () => undefined);
}

async function settleEntry(
  host: AgentHost,
  request: ConnectRequest,
  context: HostContext,
  onDifferent: (differences: readonly string[]) => void,
): Promise<ConnectOutcome> {
  const installed = await requireHostProgram(host, context);
  const found = await host.readEntry(installed.program, context);
  if (found) {
    const differences = listDifferences(found, request.command, request.place);
    if (differences.length === 0) return { ...installed, changed: false, entry: found, notes: [] };
    onDifferent(differences);
  }
  return rewrite(host, request, context, { installed, found });
}

interface Present {
  readonly installed: HostProgram;
  readonly found: HostEntry | undefined;
}

// An entry in another scope may hide the one that was written: it is replaced in its turn. One that stays as it was
// is out of our reach.
async function rewrite(
  host: AgentHost,
  request: ConnectRequest,
  context: HostContext,
  { installed, found }: Present,
): Promise<ConnectOutcome> {
  const { place, command } = request;
  const notes: string[] = [];
  let present = found;
  let differences: readonly string[] = [];
  for (let round = 0; round < ENTRIES_MAX; round += 1) {
    const before = present;
    const complete = { ...command, env: { ...ownVariables(present), ...command.env } };
    notes.push(...(await host.writeEntry(installed.program, complete, context, { place, found: present })));
    present = await host.readEntry(installed.program, context);
    differences = present ? listDifferences(present, command, place) : ["there is none"];
    if (present && differences.length === 0) return { ...installed, changed: true, entry: present, notes };
    if (isDeepStrictEqual(before, present)) break;
  }
  const said = notes.map((note) => ` (${note})`).join("");
  throw new PyroError(
    "conflict",
    `${host.title} still shows another entry${said}: ${differences.join("; ")}`,
    {
      hint: `Another configuration of ${host.title} comes before it, perhaps this project's: look there.`,
    },
  );
}

function ownVariables(entry: HostEntry | undefined): Record<string, string> {
  const managed: readonly string[] = SERVER_VARIABLES;
  return Object.fromEntries(Object.entries(entry?.env ?? {}).filter(([name]) => !managed.includes(name)));
}
