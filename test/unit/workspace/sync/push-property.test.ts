import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { chmod, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { joinBytePath } from "../../../../src/platform/byte-path.js";
import { usePush } from "./use-push.js";

/** Few names, so that both sides have things of one name. */
const NAMES = ["a", "b", "\xff", "c d"];
const TIMES = [1_500_000_000, 1_600_000_000];

type Node =
  | { readonly kind: "file"; readonly text: string; readonly mode: number; readonly mtime: number }
  | { readonly kind: "symlink"; readonly target: string }
  | Branch;
interface Branch {
  readonly kind: "directory";
  readonly mode: number;
  readonly entries: Readonly<Record<string, Node>>;
}

const { branch } = fc.letrec<{ branch: Branch; node: Node }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    fc.record({
      kind: fc.constant("file" as const),
      text: fc.constantFrom("", "one", "two", "longer"),
      mode: fc.constantFrom(0o644, 0o755, 0o600, 0),
      mtime: fc.constantFrom(...TIMES),
    }),
    fc.record({ kind: fc.constant("symlink" as const), target: fc.constantFrom("a", "../b", "/nowhere") }),
    tie("branch"),
  ),
  branch: fc.record({
    kind: fc.constant("directory" as const),
    mode: fc.constantFrom(0o755, 0o700),
    entries: fc.dictionary(fc.constantFrom(...NAMES), tie("node"), { maxKeys: 4 }),
  }),
}));

/** `fraction`: of a second, in the files' times; what a guest writes has one. */
async function plant(root: string, { entries }: Branch, fraction: number, directory = ""): Promise<void> {
  for (const [name, node] of Object.entries(entries)) {
    const here = directory === "" ? name : `${directory}/${name}`;
    const hostPath = joinBytePath(root, here);
    if (node.kind === "symlink") {
      await symlink(node.target, hostPath);
    } else if (node.kind === "file") {
      await writeFile(hostPath, node.text);
      await chmod(hostPath, node.mode);
      await utimes(hostPath, node.mtime, node.mtime + fraction);
    } else {
      await mkdir(hostPath);
      await plant(root, node, fraction, here);
      await chmod(hostPath, node.mode);
    }
  }
}

/** What every entry below `root` is, by path. Directories' modes and everybody's times are left out. */
function readTree(root: string, directory = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(joinBytePath(root, directory), "latin1")) {
    const here = directory === "" ? name : `${directory}/${name}`;
    const hostPath = joinBytePath(root, here);
    const stats = lstatSync(hostPath);
    if (stats.isSymbolicLink()) found.set(here, `-> ${readlinkSync(hostPath)}`);
    else if (stats.isFile()) found.set(here, `${stats.mode.toString(8)} ${readFileSync(hostPath, "utf8")}`);
    else found.set(here, stats.mode.toString(8));
    if (stats.isDirectory()) for (const [path, what] of readTree(root, here)) found.set(path, what);
  }
  return found;
}

test("after a push everything of the source is there, what only the workspace has is too, and a second one has nothing to do", async () => {
  await fc.assert(
    fc.asyncProperty(branch, branch, async (ours, theirs) => {
      const { source, workspace, push } = await usePush();
      await plant(source, ours, 0);
      await plant(workspace, theirs, 0.25);
      const wanted = readTree(source);
      const before = readTree(workspace);
      const { entryCount } = await push();
      const after = readTree(workspace);
      expect(entryCount).toBe(wanted.size);
      for (const [path, what] of wanted) expect([path, after.get(path)]).toEqual([path, what]);
      for (const [path, what] of before) {
        const isReplaced = path.split("/").some((_, index, names) => {
          const parent = names.slice(0, index + 1).join("/");
          return wanted.has(parent) && !(wanted.get(parent)?.startsWith("4") ?? false);
        });
        if (!wanted.has(path) && !isReplaced) expect([path, after.get(path)]).toEqual([path, what]);
      }
      expect(await push()).toMatchObject({ unchangedCount: wanted.size, bytesWritten: 0 });
    }),
    { numRuns: 40 },
  );
});
