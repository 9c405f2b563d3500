import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runProcess } from "../../../../src/platform/processes.js";
import { applyPatch } from "../../../../src/workspace/patch/apply-patch.js";
import { DirectoryFiles } from "../../../helpers/directory-files.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { treePairs } from "../diff/generated-trees.js";
import { readTree, TwoTrees, writeTree } from "../diff/two-trees.js";

const IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@t"] as const;

async function git(cwd: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await runProcess(
    ["git", ...IDENTITY, "-c", "core.protectNTFS=false", "-c", "core.autocrlf=false", ...args],
    { cwd },
  );
  if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}

test("what git finds as renames, copies and deltas makes the same tree", async () => {
  const prefixes = fc.constantFrom([], ["--no-prefix"], ["--src-prefix=i/", "--dst-prefix=w/"]);
  await fc.assert(
    fc.asyncProperty(treePairs({ binary: true }), prefixes, async ({ seed, workspace }, flags) => {
      const trees = await TwoTrees.write(seed, workspace);
      const repository = path.join(trees.root, "repository");
      await git(trees.root, "init", "--quiet", repository);
      for (const side of [trees.seed, trees.workspace]) {
        await git(repository, `--work-tree=${side}`, "add", "--all", "--force", ".");
        await git(repository, "commit", "--quiet", "--allow-empty", "-m", "-");
      }
      const patchFile = path.join(trees.root, "patch");
      const found = ["--binary", "--find-renames=30%", "--find-copies-harder"];
      await git(repository, "diff", ...found, ...flags, `--output=${patchFile}`, "HEAD~1", "HEAD");
      const patch = await readFile(patchFile);
      const copy = await trees.copySeed();
      if (patch.length > 0) await applyPatch({ patch, files: new DirectoryFiles(copy) });
      expect(await readTree(copy), patch.toString("latin1")).toEqual(await readTree(trees.workspace));
    }),
    { numRuns: 30 },
  );
}, 120_000);

const line = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 30 }).map(String) },
  { weight: 1, arbitrary: fc.constantFrom("", "}", "    return") },
);
const file = fc.array(line, { minLength: 10, maxLength: 60 });

/** Lines that come in and go, as other work on a file brings them. */
function edited(lines: readonly string[], edits: readonly (readonly [number, number, string[]])[]): string[] {
  const result = [...lines];
  for (const [at, count, added] of edits) result.splice(at % (result.length + 1), count, ...added);
  return result;
}

const edits = (maxLength: number) =>
  fc.array(fc.tuple(fc.nat(), fc.nat({ max: 2 }), fc.array(line, { maxLength: 2 })), { maxLength });

const programs: [string, ...string[]][] = [
  ["git", "apply", "--whitespace=nowarn", "../patch"],
  ["patch", "--strip=1", "--fuzz=0", "--no-backup-if-mismatch", "--input=../patch"],
];

test.each(programs)(
  "what `%s` can apply to a file that went on is applied with the same outcome",
  async (...argv) => {
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(file, edits(4), edits(2), async (base, ours, theirs) => {
        const text = (lines: readonly string[]) => lines.map((each) => `${each}\n`).join("");
        const root = await makeTempDirectory();
        const inRoot = (name: string) => path.join(root, name);
        await writeTree(root, {
          "a/x": text(base),
          "b/x": text(edited(base, ours)),
          "w/x": text(edited(base, theirs)),
        });
        const { stdout: patch } = await runProcess(["diff", "-u", "a/x", "b/x"], { cwd: root });
        if (patch === "") return;
        await writeFile(inRoot("patch"), patch);
        await runProcess(["cp", "-a", "w", "g"], { cwd: root });
        const { exitCode } = await runProcess(argv, { cwd: inRoot("g") });
        if (exitCode !== 0) return;
        applied++;
        await applyPatch({ patch, files: new DirectoryFiles(inRoot("w")) });
        expect(await readTree(inRoot("w")), patch).toEqual(await readTree(inRoot("g")));
      }),
      { numRuns: 100 },
    );
    expect(applied).toBeGreaterThan(10);
  },
  120_000,
);
