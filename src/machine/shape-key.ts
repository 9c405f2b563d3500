// When one guest can stand in for another: the shapes by name.

import { stat } from "node:fs/promises";
import type { MachineShape } from "./engine.js";

export function nameShape({ rootfsDir, vcpuCount, memMib, diskMib, layer }: MachineShape): string {
  return [rootfsDir, vcpuCount, memMib, diskMib, layer?.id ?? ""].join("\0");
}

/**
 * The tree is named by what it is, too: one that was replaced in its place is another environment. Undefined when
 * it is gone: the engine's start says so.
 */
export async function findShapeKey(shape: MachineShape): Promise<string | undefined> {
  const tree = await stat(shape.rootfsDir, { bigint: true }).catch(() => undefined);
  return tree && [nameShape(shape), tree.dev, tree.ino, tree.ctimeNs].join("\0");
}
