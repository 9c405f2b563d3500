// The frame of one file's changes in a patch, as git writes it: what stands before the hunks.

import type { GitMode } from "../patch/git-mode.js";
import { quoteAlways, quotePath } from "../patch/quoted-path.js";
import type { GitSection } from "./diff-splitter.js";

export interface SectionFrame {
  readonly path: string;
  /** Undefined: it is added. */
  readonly oldMode: GitMode | undefined;
  /** Undefined: it is deleted. */
  readonly nowMode: GitMode | undefined;
}

/** Without `content`: only the mode has changed. */
export function formatSection(frame: SectionFrame, content?: GitSection): Buffer {
  const names = content?.body && !content.differOnly && isHunks(content.body) ? formatNames(frame) : "";
  const header = formatHeader(frame, content?.objectIds, names !== "");
  return Buffer.concat([Buffer.from(header + names), formatBody(frame, content)]);
}

function formatBody(frame: SectionFrame, content: GitSection | undefined): Buffer {
  if (!content?.body) return Buffer.of();
  if (!content.differOnly) return content.body;
  const { old, now } = namesOf(frame);
  return Buffer.from(`Binary files ${old} and ${now} differ\n`);
}

function isHunks(body: Buffer): boolean {
  return body.toString("latin1", 0, 3) === "@@ ";
}

function formatHeader(
  { path, oldMode, nowMode }: SectionFrame,
  objectIds: string | undefined,
  hasNames: boolean,
): string {
  // Without the lines of names, readers find out where a name with spaces ends only when it is quoted.
  const quote = path.includes(" ") && !hasNames ? quoteAlways : quotePath;
  const lines = [`diff --git ${quote(`a/${path}`)} ${quote(`b/${path}`)}`];
  if (oldMode === undefined) lines.push(`new file mode ${nowMode ?? ""}`);
  else if (nowMode === undefined) lines.push(`deleted file mode ${oldMode}`);
  else if (oldMode !== nowMode) lines.push(`old mode ${oldMode}`, `new mode ${nowMode}`);
  if (objectIds !== undefined) {
    lines.push(oldMode === nowMode ? `index ${objectIds} ${oldMode ?? ""}` : `index ${objectIds}`);
  }
  return `${lines.join("\n")}\n`;
}

function formatNames(frame: SectionFrame): string {
  const { old, now } = namesOf(frame);
  return `--- ${old}${tabFor(old)}\n+++ ${now}${tabFor(now)}\n`;
}

function namesOf({ path, oldMode, nowMode }: SectionFrame): { old: string; now: string } {
  return {
    old: oldMode === undefined ? "/dev/null" : quotePath(`a/${path}`),
    now: nowMode === undefined ? "/dev/null" : quotePath(`b/${path}`),
  };
}

/** Without it, readers take what follows a space for a time. */
function tabFor(name: string): string {
  return name.includes(" ") ? "\t" : "";
}
