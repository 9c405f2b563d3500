// test/fixtures/guest-program.c for a tree: linked against one of the two C libraries, or against none.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";
import { run } from "./make-images.js";

export type Linking = "glibc" | "musl" | "static";

const SOURCE = path.join(PACKAGE_ROOT, "test", "fixtures", "guest-program.c");

/** Compiles it to `file`. */
export async function compileGuestProgram(file: string, linking: Linking): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const compiler = linking === "glibc" ? "gcc" : "musl-gcc";
  await run(compiler, ...(linking === "static" ? ["-static"] : []), "-O1", "-s", "-o", file, SOURCE);
}
