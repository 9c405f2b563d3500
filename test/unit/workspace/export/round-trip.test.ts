import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { chmod, link, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { joinBytePath } from "../../../../src/platform/byte-path.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { useExport } from "./use-export.js";

const name = fc
  .uint8Array({ minLength: 1, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString("latin1").replace(/[\0/]/g, "_"))
  .filter((text) => text !== "." && text !== "..");
const mtime = fc.integer({ min: 1, max: 4_000_000_000 });

interface Leaf {
  readonly kind: "file" | "link" | "hard_link";
  readonly bytes: Uint8Array;
  readonly mode: number;
  readonly mtime: number;
}
interface Branch {
  readonly kind: "directory";
  readonly mode: number;
  readonly mtime: number;
  readonly entries: readonly (readonly [name: string, entry: Node])[];
}
type Node = Leaf | Branch;

const leaf = fc.record({
  kind: fc.constantFrom("file" as const, "file" as const, "link" as const, "hard_link" as const),
  bytes: fc.uint8Array({ maxLength: 50 }),
  mode: fc.integer({ min: 0, max: 0o777 }),
  mtime,
});
const { tree } = fc.letrec<{ tree: Branch; node: Node }>((tie) => ({
  node: fc.oneof({ depthSize: "small" }, leaf, tie("tree")),
  tree: fc.record({
    kind: fc.constant("directory" as const),
    mode: fc.integer({ min: 0, max: 0o777 }),
    mtime,
    entries: fc.uniqueArray(fc.tuple(name, tie("node")), { maxLength: 5, selector: ([each]) => each }),
  }),
}));

/** Makes a tree whose links stay inside; hard links lead to the file made last. */
async function plant(root: string, at: string, { entries, mode, mtime: time }: Branch): Promise<void> {
  await mkdir(joinBytePath(root, at));
  let lastFile: string | Buffer | undefined;
  for (const [each, node] of entries) {
    const here = at === "" ? each : `${at}/${each}`;
    const hostPath = joinBytePath(root, here);
    if (node.kind === "directory") {
      await plant(root, here, node);
    } else if (node.kind === "link") {
      await symlink(Buffer.from(`./${each}`, "latin1"), hostPath);
    } else if (node.kind === "hard_link" && lastFile !== undefined) {
      await link(lastFile, hostPath);
    } else {
      await writeFile(hostPath, node.bytes);
      await chmod(hostPath, node.mode);
      await utimes(hostPath, node.mtime, node.mtime);
      lastFile = hostPath;
    }
  }
  await utimes(joinBytePath(root, at), time, time);
  await chmod(joinBytePath(root, at), mode);
}

/** Everything of a tree that an export keeps, one line for each entry. */
function describeTree(root: string, at = "", firstNames = new Map<number, string>()): string[] {
  const hostPath = joinBytePath(root, at);
  const stats = lstatSync(hostPath);
  const common = `${JSON.stringify(at)} ${(stats.mode & 0o777).toString(8)} ${stats.mtimeMs}`;
  if (stats.isSymbolicLink()) return [`${JSON.stringify(at)} -> ${readlinkSync(hostPath, "latin1")}`];
  if (stats.isFile()) {
    const first = firstNames.get(stats.ino) ?? at;
    firstNames.set(stats.ino, first);
    return [`${common} ${readFileSync(hostPath, "hex")} ${first}`];
  }
  const lines = [common];
  for (const each of readdirSync(hostPath, "latin1").sort()) {
    lines.push(...describeTree(root, at === "" ? each : `${at}/${each}`, firstNames));
  }
  return lines;
}

test("whatever is in a directory, it comes out as it was", async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (generated) => {
      const workspace = await makeTempDirectory();
      await plant(path.join(workspace, "dist"), "", generated);
      const { run, outputPath } = await useExport();
      const { skipped } = await run(new DirectoryFiles(workspace));
      expect(skipped).toEqual([]);
      expect(describeTree(outputPath)).toEqual(describeTree(path.join(workspace, "dist")));
    }),
    { numRuns: 60 },
  );
});
