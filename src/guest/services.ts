// The services of a guest: what is asked of its agent, and the checks on what comes back.

import type { Client } from "@connectrpc/connect";
import { PLAIN_NAME } from "../contract/limits.js";
import { wrongAnswer } from "./file-path.js";
import type { Service, SupervisorService } from "./gen/agent/v1/services_pb.js";
import { translateRpcError } from "./rpc-error.js";
import { SilenceLimit } from "./silence-limit.js";

export type ReadyCheck =
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "tcp"; readonly port: number }
  | { readonly type: "http"; readonly url: string }
  | { readonly type: "command"; readonly argv: readonly string[] };

export interface GuestServiceRequest {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Variable to the secret of the guest that it takes its value from. */
  readonly secretEnv: Readonly<Record<string, string>>;
  /** Undefined: ready as soon as it has started. */
  readonly ready:
    { readonly check: ReadyCheck; readonly timeoutMs: number; readonly intervalMs: number } | undefined;
}

/** How the agent sees a service. */
export interface GuestService {
  readonly name: string;
  /** Tells two runs of one name apart. */
  readonly run: number;
  readonly phase: (typeof PHASES)[number];
  /** Undefined when the process has ended or forked away. */
  readonly pid: number | undefined;
  /** Undefined while it runs, and when nobody knows. */
  readonly exitCode: number | undefined;
  /** Why the program could not run; hostile text, bounded. */
  readonly failure: string;
  /** Unix seconds by the guest's clock; undefined: not yet. */
  readonly startedAt: number | undefined;
  readonly readyAt: number | undefined;
  readonly endedAt: number | undefined;
}

export type LogPiece =
  | { readonly stream: "stdout" | "stderr"; readonly bytes: Uint8Array }
  | { readonly stream: "end"; readonly stdoutTruncated: boolean; readonly stderrTruncated: boolean };

/** The agent answers out of its memory, or has told how long it takes. */
const CALL_TIMEOUT_MS = 10_000;
const SILENCE_MS = 30_000;
/** As many names as the agent keeps, as long as the guest lives. */
const MAX_SERVICES = 64;
const FAILURE_MAX = 300;
/** Of each stream no more is kept by the agent. */
const MAX_LOG_BYTES = 4 * 1024 * 1024;

const PHASES = [
  "getting_ready",
  "ready",
  "exited",
  "stopped",
  "exited_early",
  "not_ready",
  "not_started",
] as const;

export class GuestServices {
  readonly #client: Client<typeof SupervisorService>;

  constructor(client: Client<typeof SupervisorService>) {
    this.#client = client;
  }

  /** Returns when the process is started, ready or not. */
  async start(request: GuestServiceRequest, signal?: AbortSignal): Promise<GuestService> {
    const { name, argv, cwd, secretEnv, ready } = request;
    const readiness = ready && {
      check: formatCheck(ready.check),
      timeoutMs: ready.timeoutMs,
      intervalMs: ready.intervalMs,
    };
    const message = {
      name,
      argv: [...argv],
      cwd,
      secretEnv: { ...secretEnv },
      ...(readiness && { readiness }),
    };
    const options = { timeoutMs: CALL_TIMEOUT_MS, ...(signal && { signal }) };
    const { service } = await translated(signal, () => this.#client.startService(message, options));
    return parseNamed(service, name);
  }

  /** The services as they are, then each time those that have changed; ends with the connection, by an error. */
  async *watch(signal: AbortSignal): AsyncGenerator<readonly GuestService[], never, undefined> {
    try {
      const names = new Set<string>();
      for await (const { services } of this.#client.watchServices({}, { signal })) {
        for (const { name } of services) names.add(name);
        if (names.size > MAX_SERVICES) throw wrongAnswer("more services than it keeps");
        yield services.map(parseService);
      }
    } catch (error) {
      throw translateRpcError(error, signal);
    }
    throw wrongAnswer("no more word of its services");
  }

  /** TERM to all of its processes, KILL after `graceMs`; returns when none is left. */
  async stop(name: string, graceMs: number, signal?: AbortSignal): Promise<GuestService> {
    const options = { timeoutMs: graceMs + CALL_TIMEOUT_MS, ...(signal && { signal }) };
    const { service } = await translated(signal, () => this.#client.stopService({ name, graceMs }, options));
    return parseNamed(service, name);
  }

  /** What is kept, and with `follow` what comes; the last piece is the end. Absent `tailLines`: all. */
  async *readLog(
    name: string,
    { tailLines = 0, follow = false }: { readonly tailLines?: number; readonly follow?: boolean },
    signal?: AbortSignal,
  ): AsyncGenerator<LogPiece, void, undefined> {
    const limit = new SilenceLimit(SILENCE_MS, signal);
    const sizes = { stdout: 0, stderr: 0 };
    try {
      if (!follow) limit.wait();
      for await (const { message } of this.#client.readServiceLog(
        { name, tailLines, follow },
        { signal: limit.signal },
      )) {
        limit.pause();
        if (message.case === "end") {
          yield { stream: "end", ...message.value };
          return;
        }
        if (message.case === undefined) continue;
        sizes[message.case] += message.value.length;
        if (!follow && sizes[message.case] > MAX_LOG_BYTES) throw wrongAnswer("more log than it keeps");
        yield { stream: message.case, bytes: message.value };
        if (!follow) limit.wait();
      }
    } catch (error) {
      throw translateRpcError(error, limit.signal);
    } finally {
      limit.stop();
    }
    throw wrongAnswer("a log without an end");
  }
}

async function translated<Result>(
  signal: AbortSignal | undefined,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw translateRpcError(error, signal);
  }
}

function formatCheck(check: ReadyCheck) {
  switch (check.type) {
    case "file":
      return { case: "file" as const, value: check.path };
    case "tcp":
      return { case: "tcpPort" as const, value: check.port };
    case "http":
      return { case: "httpUrl" as const, value: check.url };
    case "command":
      return { case: "command" as const, value: { argv: [...check.argv] } };
  }
}

function parseNamed(message: Service | undefined, name: string): GuestService {
  if (message?.name !== name) throw wrongAnswer("another service");
  return parseService(message);
}

function parseService(message: Service): GuestService {
  const { name, run, state, pid, exitCode, failure, startedNs, readyNs, endedNs } = message;
  const phase = PHASES.find((each) => each === state);
  if (!PLAIN_NAME.test(name) || phase === undefined) throw wrongAnswer("no service");
  return {
    name,
    run: Number(run),
    phase,
    pid: pid === 0 ? undefined : pid,
    exitCode: exitCode === undefined ? undefined : Math.min(exitCode, 255),
    failure: failure.slice(0, FAILURE_MAX).trim(),
    startedAt: toSeconds(startedNs),
    readyAt: toSeconds(readyNs),
    endedAt: toSeconds(endedNs),
  };
}

function toSeconds(nanoseconds: bigint): number | undefined {
  return nanoseconds === 0n ? undefined : Number(nanoseconds / 1000n) / 1e6;
}
