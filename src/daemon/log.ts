// The daemon's log: one line for each call and each event of its life, in a file of bounded size.

import { appendFileSync, renameSync, statSync } from "node:fs";
import type { LogLevel } from "../platform/settings.js";

const LOG_MAX_BYTES = 4 * 1024 * 1024;

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Log {
  write(event: string, fields?: LogFields): void;
  /** Written only with PYRO_LOG=debug: stack traces and the like. */
  debug(event: string, text: string): void;
}

export function openLog(file: string, level: LogLevel): Log {
  const append = (line: string) => {
    try {
      rotate(file);
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      // A full disk must not take the guests down with the log.
    }
  };
  return {
    write(event, fields = {}) {
      append(`${formatLine(event, fields)}\n`);
    },
    debug(event, text) {
      if (level === "debug") append(`${formatLine(event, {})}\n${text.replaceAll(/^/gm, "  ")}\n`);
    },
  };
}

function formatLine(event: string, fields: LogFields): string {
  const pairs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === "string" ? quote(value) : String(value)}`);
  return `${new Date().toISOString()} ${event}${pairs.join("")}`;
}

function quote(value: string): string {
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}

function rotate(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_MAX_BYTES) renameSync(file, `${file}.1`);
}
