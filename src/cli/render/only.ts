// One field of a result and nothing else: `--id-only`, `--content-only`.

import type { OnlyFlag } from "../../operations/operation.js";
import type { Rendering } from "./rendering.js";

export function renderOnly(only: OnlyFlag, result: object): Rendering {
  const value: unknown = Reflect.get(result, only.field);
  const text = String(value);
  return only.line ? { stdout: `${text}\n` } : { content: text };
}
