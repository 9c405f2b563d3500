// How a user says when a service is ready, as the agent is asked for it. Pure.

import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { formatCommand, guestArgv, type Command } from "../../fleet/guest-command.js";
import type { ReadyCheck } from "../../guest/services.js";

/** One of them, or none. */
export interface ReadyChoice {
  readonly file?: string | undefined;
  /** A port, or `HOST:PORT`. */
  readonly tcp?: number | string | undefined;
  readonly http?: string | undefined;
  readonly command?: Command | undefined;
}

export interface ReadyTarget {
  readonly check: ReadyCheck;
  /** For people. */
  readonly target: string;
}

const MAX_PORT = 65_535;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|0\.0\.0\.0|\[?::1?\]?)$/;

/** `cwd`: absolute, in the guest. Undefined: ready as soon as it has started. */
export function parseReady(choice: ReadyChoice, cwd: string): ReadyTarget | undefined {
  const { file, tcp, http, command } = choice;
  const given = Object.entries(choice).flatMap(([name, value]) =>
    value === undefined ? [] : [`ready_${name}`],
  );
  if (given.length > 1) {
    throw new PyroError("invalid_input", `only one of ${given.join(" and ")} can be given`);
  }
  if (file !== undefined) {
    const target = path.posix.resolve(cwd, file);
    return { check: { type: "file", path: target }, target };
  }
  if (tcp !== undefined) {
    const port = parsePort(tcp);
    return { check: { type: "tcp", port }, target: String(port) };
  }
  if (http !== undefined) return { check: { type: "http", url: parseUrl(http) }, target: http };
  if (command === undefined) return undefined;
  return { check: { type: "command", argv: guestArgv(command) }, target: formatCommand(command) };
}

function parsePort(tcp: number | string): number {
  if (typeof tcp === "number") return tcp;
  const at = tcp.lastIndexOf(":");
  const port = Number(tcp.slice(at + 1));
  const isPort = /^\d+$/.test(tcp.slice(at + 1)) && port > 0 && port <= MAX_PORT;
  if (isPort && (at < 0 || LOOPBACK.test(tcp.slice(0, at)))) return port;
  throw new PyroError("invalid_input", `ready_tcp: ${JSON.stringify(tcp)} is no port of the guest itself`, {
    hint: "Give a port such as 8000, or 127.0.0.1:8000.",
  });
}

function parseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === "http:" || url?.protocol === "https:";
  if (url && isHttp && LOOPBACK.test(url.hostname)) return url.href;
  throw new PyroError("invalid_input", `ready_http: ${JSON.stringify(text)} is no URL of the guest itself`, {
    hint: "Give one such as http://127.0.0.1:8000/health.",
  });
}
