// A guest whose captures are files with chosen content.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import type { CaptureInfo } from "../../../../src/machine/engine.js";
import type { CapturingMachine } from "../../../../src/machine/layers/layer-store.js";

export const ENGINE_BUILD = "b".repeat(64);

export interface PlayedCapture extends CapturingMachine {
  /** Awaited when the files are written, before the capture is over. */
  beforeEnd: (directory: string) => Promise<void>;
}

export function playCapture(files: Readonly<Record<string, string | Buffer>>): PlayedCapture {
  const capture = async (directory: string): Promise<CaptureInfo> => {
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(directory, name), content);
    await played.beforeEnd(directory);
    return { engineBuild: ENGINE_BUILD };
  };
  const played: PlayedCapture = { capture, beforeEnd: () => Promise.resolve() };
  return played;
}
