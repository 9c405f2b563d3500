import { mkdir, realpath, symlink } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { judgeLink } from "../../../../src/workspace/export/link-rules.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

const DIRECTORIES = ["", "a", "a/b", "a/b/c", "b", "b/a"];
const step = fc.constantFrom("..", "..", ".", "", "a", "b", "c", "l0", "l1", "l2");
const link = fc.record({
  directory: fc.constantFrom(...DIRECTORIES),
  target: fc.array(step, { minLength: 1, maxLength: 6 }).map((steps) => steps.join("/")),
});

test("no link that is kept leads out, through other links neither", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(link, { minLength: 1, maxLength: 6 }), async (links) => {
      const outside = await makeTempDirectory();
      const root = path.join(outside, "tree");
      for (const directory of DIRECTORIES) await mkdir(path.join(root, directory), { recursive: true });
      const made: string[] = [];
      for (const [index, { directory, target }] of links.entries()) {
        const linkPath = path.posix.join(directory, `l${index % 3}`);
        if (target === "" || made.includes(linkPath) || judgeLink(linkPath, target) !== undefined) continue;
        await symlink(target, path.join(root, linkPath));
        made.push(linkPath);
      }
      for (const linkPath of made) {
        // Dangling links and circles lead nowhere.
        const end = await realpath(path.join(root, linkPath)).catch(() => root);
        expect(`${end}/`.startsWith(`${root}/`)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test("a link that is what people make is kept", () => {
  const usual = [
    ["node_modules/.bin/tsc", "../typescript/bin/tsc"],
    ["lib/libz.so", "libz.so.1"],
    ["lib64", "lib"],
    ["packages/a/node_modules/b", "../../b"],
  ] as const;
  expect(usual.map(([linkPath, target]) => judgeLink(linkPath, target))).toEqual(usual.map(() => undefined));
});
