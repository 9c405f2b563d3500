import { access, chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { OperationEvent } from "../../../../src/contract/events.js";
import { RepositoryClones } from "../../../../src/mcp/project-source/repository-clones.js";
import { HOST_ENV, runProcess } from "../../../../src/platform/processes.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";
import { Origin } from "./origin.js";

const SIGNAL = new AbortController().signal;
const options = { signal: SIGNAL, onEvent: () => undefined };

async function textIn(clone: string): Promise<string> {
  return readFile(path.join(clone, "file.txt"), "utf8");
}

async function gitIn(clone: string, ...args: string[]): Promise<string> {
  const { stdout } = await runProcess(["git", ...args], { cwd: clone, env: HOST_ENV });
  return stdout.trim();
}

describe("a clone", () => {
  test("holds the default branch, one commit deep, and nothing else", async () => {
    const origin = await Origin.create();
    await origin.commit("second");
    const clone = await new RepositoryClones(await makeTempDirectory()).ensure(
      { url: origin.directory, ref: undefined },
      options,
    );
    expect(await textIn(clone)).toBe("second\n");
    expect(await gitIn(clone, "rev-list", "--count", "HEAD")).toBe("1");
    expect(await gitIn(clone, "branch", "--show-current")).toBe("main");
    expect(await gitIn(clone, "status", "--porcelain")).toBe("");
    expect(await gitIn(clone, "remote")).toBe("");
    expect(await readdir(path.join(clone, ".git", "hooks")).catch(() => [])).toEqual([]);
  });

  test("is that of the branch, the tag or the commit that was named", async () => {
    const origin = await Origin.create();
    const first = await origin.git("rev-parse", "HEAD");
    await origin.git("tag", "--annotate", "--message=one", "v1");
    await origin.git("switch", "--quiet", "--create", "topic/x");
    await origin.commit("topic");
    await origin.git("switch", "--quiet", "main");
    await origin.commit("third");
    const clones = new RepositoryClones(await makeTempDirectory());
    const read = async (ref: string) => textIn(await clones.ensure({ url: origin.directory, ref }, options));
    expect(await read("topic/x")).toBe("topic\n");
    expect(await read("v1")).toBe("first\n");
    expect(await read(first)).toBe("first\n");
    expect(await read("refs/heads/main")).toBe("third\n");
  });

  test("is one of a repository whose ids are SHA-256, too", async () => {
    const origin = await Origin.create("--object-format=sha256");
    const clone = await new RepositoryClones(await makeTempDirectory()).ensure(
      { url: origin.directory, ref: "main" },
      options,
    );
    expect(await textIn(clone)).toBe("first\n");
  });

  test("is made once for each commit, also by many at the same moment", async () => {
    const origin = await Origin.create();
    const cacheDir = await makeTempDirectory();
    const events: OperationEvent[] = [];
    const ensure = () =>
      new RepositoryClones(cacheDir).ensure(
        { url: origin.directory, ref: undefined },
        { signal: SIGNAL, onEvent: (event) => void events.push(event) },
      );
    const clones = await Promise.all([ensure(), ensure(), ensure()]);
    expect(new Set(clones).size).toBe(1);
    expect(events).toHaveLength(1);
    const [home = ""] = await readdir(path.join(cacheDir, "repos"));
    const kept = await readdir(path.join(cacheDir, "repos", home));
    expect(kept.filter((name) => name !== ".lock")).toEqual([path.basename(clones[0])]);
  });

  test("follows a branch that has moved, for the next server", async () => {
    const origin = await Origin.create();
    const cacheDir = await makeTempDirectory();
    const before = await new RepositoryClones(cacheDir).ensure(
      { url: origin.directory, ref: "main" },
      options,
    );
    await origin.commit("moved");
    const after = await new RepositoryClones(cacheDir).ensure(
      { url: origin.directory, ref: "main" },
      options,
    );
    expect(await textIn(before)).toBe("first\n");
    expect(await textIn(after)).toBe("moved\n");
  });

  test("is private, because a private repository may be in it", async () => {
    const origin = await Origin.create();
    const clone = await new RepositoryClones(await makeTempDirectory()).ensure(
      { url: origin.directory, ref: undefined },
      options,
    );
    expect((await stat(path.dirname(clone))).mode & 0o077).toBe(0);
  });
});

describe("the cache", () => {
  const HOURS_2 = 2 * 60 * 60_000;

  /** Makes clones of as many commits, the first one the longest ago. */
  async function fill(count: number, agoMs: number) {
    const origin = await Origin.create();
    const cacheDir = await makeTempDirectory();
    const clones: string[] = [];
    for (let number = 1; number <= count; number++) {
      await origin.commit(`number ${number}`);
      const clone = await new RepositoryClones(cacheDir).ensure(
        { url: origin.directory, ref: undefined },
        options,
      );
      const used = new Date(Date.now() - agoMs + number);
      await utimes(clone, used, used);
      clones.push(clone);
    }
    const kept = async () => {
      const names = await readdir(path.dirname(clones[0] ?? ""));
      return clones.filter((clone) => names.includes(path.basename(clone)));
    };
    return { cacheDir, clones, kept };
  }

  test("keeps the clones that were used last, and lets the others go when one is made", async () => {
    const { clones, kept } = await fill(10, HOURS_2);
    expect(await kept()).toEqual(clones.slice(-8));
  });

  test("keeps each that was used a moment ago: a workspace may be in the making", async () => {
    const { clones, kept } = await fill(10, 0);
    expect(await kept()).toEqual(clones);
  });

  test("gives up what a killed process has left half made", async () => {
    const origin = await Origin.create();
    const repository = { url: origin.directory, ref: undefined };
    const cacheDir = await makeTempDirectory();
    const clone = await new RepositoryClones(cacheDir).ensure(repository, options);
    const partial = path.join(path.dirname(clone), ".partial-0123");
    await mkdir(partial);
    await origin.commit("second");
    await new RepositoryClones(cacheDir).ensure(repository, options);
    await expect(access(partial)).rejects.toThrow("ENOENT");
  });
});

describe("a repository that means harm", () => {
  test("runs nothing of its own", async () => {
    const origin = await Origin.create();
    const trap = path.join(await makeTempDirectory(), "sprung");
    const hooks = path.join(origin.directory, "hooks");
    await mkdir(hooks);
    for (const name of ["post-checkout", "pre-commit"]) {
      await writeFile(path.join(hooks, name), `#!/bin/sh\ntouch ${trap}\n`);
      await chmod(path.join(hooks, name), 0o755);
    }
    await writeFile(path.join(origin.directory, ".gitattributes"), "* filter=evil\n");
    await writeFile(
      path.join(origin.directory, ".gitmodules"),
      `[submodule "x"]\n path = x\n url = ext::sh -c 'touch ${trap}'\n`,
    );
    await origin.git("config", "core.hooksPath", "hooks");
    await origin.git("config", "filter.evil.smudge", `touch ${trap}`);
    await origin.git("add", "--all");
    await origin.git("-c", "core.hooksPath=/dev/null", "commit", "--quiet", "--message=trap");
    const clone = await new RepositoryClones(await makeTempDirectory()).ensure(
      { url: origin.directory, ref: undefined },
      options,
    );
    expect(await textIn(clone)).toBe("first\n");
    await expect(access(trap)).rejects.toThrow("ENOENT");
  });
});

describe("what cannot be cloned is said in plain words", () => {
  const failureOf = async (url: string, ref?: string): Promise<unknown> =>
    new RepositoryClones(await makeTempDirectory())
      .ensure({ url, ref }, options)
      .catch((error: unknown) => error);

  test("a repository that is not there", async () => {
    const failure = await failureOf("/no/such/repository");
    expect(failure).toHaveProperty("code", "source_unavailable");
    expect(failure).toHaveProperty(
      "message",
      expect.stringContaining("file:///no/such/repository cannot be cloned"),
    );
    expect(failure).toHaveProperty("hint", expect.stringContaining("--repo-url"));
  });

  test("a ref that it does not have", async () => {
    const origin = await Origin.create();
    const failure = await failureOf(origin.directory, "no-such");
    expect(failure).toHaveProperty("message", expect.stringContaining("has no no-such"));
    expect(failure).toHaveProperty("hint", expect.stringContaining("--repo-ref"));
  });

  test("a commit that it does not have", async () => {
    const origin = await Origin.create();
    expect(await failureOf(origin.directory, "f".repeat(40))).toHaveProperty("code", "source_unavailable");
  });

  test("a repository without a commit", async () => {
    const directory = await makeTempDirectory();
    await runProcess(["git", "init", "--quiet", directory], { env: HOST_ENV });
    expect(await failureOf(directory)).toHaveProperty("message", expect.stringContaining("has no HEAD"));
  });

  test("and leaves nothing half made", async () => {
    const origin = await Origin.create();
    const cacheDir = await makeTempDirectory();
    const clones = new RepositoryClones(cacheDir);
    await clones.ensure({ url: origin.directory, ref: "f".repeat(40) }, options).catch(() => undefined);
    const [home = ""] = await readdir(path.join(cacheDir, "repos"));
    expect(await readdir(path.join(cacheDir, "repos", home))).toEqual([".lock"]);
  });
});

test("a clone that is not wanted any more ends at once", async () => {
  const origin = await Origin.create();
  const abort = new AbortController();
  const onEvent = () => abort.abort(new Error("not wanted"));
  const clones = new RepositoryClones(await makeTempDirectory());
  await expect(
    clones.ensure({ url: origin.directory, ref: undefined }, { signal: abort.signal, onEvent }),
  ).rejects.toThrow("not wanted");
});
