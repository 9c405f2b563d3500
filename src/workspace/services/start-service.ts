// Starts a service in a workspace, whose guest is started when it does not run.

import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { WORKSPACE_PATH } from "../../contract/limits.js";
import { formatCommand, guestArgv, type Command } from "../../fleet/guest-command.js";
import { redactCommand } from "../exec-command.js";
import type { Redactor } from "../secrets/redactor.js";
import type { Workspace } from "../workspace.js";
import type { PortRequest } from "./host-ports.js";
import { parseReady, type ReadyChoice } from "./readiness.js";
import type { ServiceRecord } from "./service-record.js";

export interface ServiceInput {
  readonly name: string;
  readonly command: Command;
  /** Relative to /workspace; absent: /workspace itself. */
  readonly cwd: string | undefined;
  readonly ready: ReadyChoice;
  readonly readyTimeoutSeconds: number;
  readonly readyIntervalMs: number;
  readonly ports: readonly PortRequest[];
  /** Secret to the variable that has its value. */
  readonly secretEnv: Readonly<Record<string, string>>;
}

export interface ServiceContext {
  readonly signal: AbortSignal;
  /** It is started, and getting ready. */
  readonly onStarted: () => void;
}

export async function startService(
  workspace: Workspace,
  input: ServiceInput,
  { signal, onStarted }: ServiceContext,
): Promise<ServiceRecord> {
  const { name, command, ports } = input;
  const { secrets } = workspace;
  checkPolicy(workspace, ports);
  const cwd = path.posix.resolve(WORKSPACE_PATH, input.cwd ?? ".");
  const target = parseReady(input.ready, cwd);
  const timeoutMs = input.readyTimeoutSeconds * 1000;
  const start = {
    name,
    shownCommand: formatCommand(redactCommand(command, secrets.redactor)),
    argv: guestArgv(command),
    cwd,
    shownCwd: secrets.redactor.text(cwd),
    secretEnv: secrets.variables(input.secretEnv),
    ready: target && { check: target.check, timeoutMs, intervalMs: input.readyIntervalMs },
    readiness: {
      type: target?.check.type ?? "none",
      target: showTarget(input.ready, cwd, secrets.redactor),
      timeoutSeconds: input.readyTimeoutSeconds,
      intervalMs: input.readyIntervalMs,
    },
    ports,
  } as const;
  return workspace.use(signal, (hold, both) => hold.services.start(start, onStarted, both));
}

/** What is looked at, for people, without secrets. */
function showTarget(ready: ReadyChoice, cwd: string, redactor: Redactor): string | null {
  const command = ready.command && redactCommand(ready.command, redactor);
  const target = parseReady({ ...ready, command }, cwd)?.target;
  return target === undefined ? null : redactor.text(target);
}

function checkPolicy({ id, record }: Workspace, ports: readonly PortRequest[]): void {
  if (ports.length === 0) return;
  if (!record.engine.securityBoundary) {
    throw new PyroError(
      "invalid_input",
      "published_ports: a workspace on the host itself has no ports of its own",
    );
  }
  if (record.networkPolicy === "egress+published-ports") return;
  throw new PyroError(
    "invalid_input",
    `published_ports: the network policy of the workspace ${id} is ${record.networkPolicy}, which publishes none`,
    { hint: "Create a workspace with --network-policy egress+published-ports." },
  );
}
