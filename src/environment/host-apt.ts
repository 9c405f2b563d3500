// What the host's apt is told: its source lists and its settings for downloads.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isSystemError } from "../contract/errors.js";
import { findProgram } from "../platform/find-program.js";
import { runProcess } from "../platform/processes.js";
import { type AptSource, parseDeb822Sources, parseOneLineSources } from "./apt-sources.js";

/** Settings of the host that a download elsewhere needs too: proxies, certificates, time-outs, retries. */
const PASSED_ON = /^Acquire::(https?::(?!User-Agent)|Retries$|ForceIPv[46]$|Check-Valid-Until$|Check-Date$)/;
const APT_CONFIG_TIMEOUT_MS = 10_000;

/** The sources in `aptDir` (/etc/apt on a host); none when there is no such directory. */
export async function readAptSources(aptDir: string): Promise<AptSource[]> {
  const parts = path.join(aptDir, "sources.list.d");
  const names = (await unlessMissing(readdir(parts))) ?? [];
  const files = [path.join(aptDir, "sources.list"), ...names.sort().map((name) => path.join(parts, name))];
  const sources: AptSource[] = [];
  for (const file of files) {
    const parse = file.endsWith(".sources")
      ? parseDeb822Sources
      : file.endsWith(".list")
        ? parseOneLineSources
        : undefined;
    const text = parse && (await unlessMissing(readFile(file, "utf8")));
    if (parse && text !== undefined) sources.push(...parse(text));
  }
  return sources;
}

/** The host's download settings as the text of an apt.conf; empty where there is no apt. */
export async function readDownloadSettings(signal: AbortSignal | undefined): Promise<string> {
  if (!(await findProgram("apt-config"))) return "";
  const { stdout } = await runProcess(["apt-config", "dump", "--format", "%f=%v%n"], {
    timeoutMs: APT_CONFIG_TIMEOUT_MS,
    ...(signal && { signal }),
  });
  return formatDownloadSettings(stdout);
}

/** Picks from the output of `apt-config dump --format %f=%v%n`. */
export function formatDownloadSettings(dump: string): string {
  return dump
    .split("\n")
    .map((line) => /^([^=\s]+)=([^"]+)$/.exec(line))
    .filter((match) => match !== null && PASSED_ON.test(match[1] ?? ""))
    .map((match) => `${match?.[1] ?? ""} "${match?.[2] ?? ""}";\n`)
    .join("");
}

/** Files that are missing or closed to this user count as not there. */
async function unlessMissing<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "EACCES", "ENOTDIR")) return undefined;
    throw error;
  }
}
