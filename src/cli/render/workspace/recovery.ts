// The notice that a guest had died and its workspace was brought back.

import type { z } from "zod";
import type { recovery } from "../../../operations/workspace-fields.js";
import { oneLine, shorten, statusLine } from "../lines.js";
import type { Rendering } from "../rendering.js";
import { formatTime } from "../sizes.js";

const COMMAND_MAX = 200;

interface MayBeRecovered {
  readonly recovery?: z.output<typeof recovery> | undefined;
}

/** The view of a result, behind the notice when there is one. */
export function noticed<Result extends MayBeRecovered>(
  renderer: (result: Result) => Rendering,
): (result: Result) => Rendering {
  return (result) => {
    const rendering = renderer(result);
    if (!result.recovery) return rendering;
    return { ...rendering, stderr: formatNotice(result.recovery) + (rendering.stderr ?? "") };
  };
}

function formatNotice(notice: z.output<typeof recovery>): string {
  const line = statusLine("workspace-recovery", {
    reason: notice.reason,
    restored_to: formatTime(notice.restored_at),
    missing_commands: notice.missing_commands.length,
    missing_edits: notice.missing_edit_count,
  });
  const missing = notice.missing_commands.map(
    ({ sequence, command }) => `not in it: command ${sequence}: ${oneLine(shorten(command, COMMAND_MAX))}\n`,
  );
  return line + missing.join("");
}
