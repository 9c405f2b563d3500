// Seeds of the sizes that projects really have: very many files, and very large ones.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SeedStore } from "../../src/seed/seed-store.js";
import { git, makeRepository } from "../unit/seed/git/git-fixture.js";
import { run } from "../unit/seed/seed-fixture.js";
import { makeTempDirectory } from "../unit/helpers/temp-directory.js";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

async function makeProject() {
  const directory = await makeTempDirectory();
  const project = path.join(directory, "project");
  await mkdir(project);
  const store = new SeedStore({ stateDir: path.join(directory, "state") });
  // Before the directory goes: what watches over a project works there.
  onTestFinished(() => store.close());
  return { directory, project, store };
}

/** Bytes of memory that this process has needed at most, KiB in getrusage(2). */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

async function makeFiles(project: string, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const directory = path.join(project, `dir${index % 317}`);
    if (index < 317) await mkdir(directory);
    await writeFile(path.join(directory, `file${index}`), `content of ${index}\n`);
  }
}

test("100,000 files outside and inside a repository", async () => {
  const { project, store } = await makeProject();
  await makeFiles(project, 100_000);
  const before = peakBytes();
  const plain = await store.freeze({ path: project }, quiet);
  expect(plain.seed.entryCount).toBe(100_317);
  const listed = await run("/", "sh", "-c", `tar --list --file '${plain.seed.tarPath}' | wc -l`);
  expect(Number(listed)).toBe(100_317 + 2);
  await makeRepository(project, {});
  const checkout = await store.freeze({ path: project }, quiet);
  expect(checkout.seed.origin.kind).toBe("git");
  expect(checkout.seed.entries.filter(({ path: name }) => !name.startsWith(".git"))).toHaveLength(100_317);
  expect(await store.freeze({ path: project }, quiet)).toMatchObject({ reused: true });
  expect(peakBytes() - before).toBeLessThan(700 * MIB);
});

test("a file of 3 GiB with little in it is read without its holes and without being held", async () => {
  const { project, store } = await makeProject();
  const large = await open(path.join(project, "large"), "w");
  await large.truncate(3 * GIB);
  await large.write("in the middle", 1.5 * GIB);
  await large.close();
  const before = peakBytes();
  const { deferred, seed } = await store.freeze({ path: project }, quiet);
  expect(seed.contentBytes).toBe(3 * GIB);
  const pieces = [];
  for (const file of deferred) for await (const piece of file.read()) pieces.push(piece);
  expect(pieces.map(({ offset }) => offset)).toEqual([1.5 * GIB]);
  expect(peakBytes() - before).toBeLessThan(200 * MIB);
});

test("a file of 3 GiB without holes, outside and in an archive", async () => {
  const { directory, project, store } = await makeProject();
  const file = createWriteStream(path.join(project, "large"));
  for (let block = 0; block < 3 * 1024; block++) {
    if (!file.write(Buffer.alloc(MIB, 1 + (block % 255)))) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
  const archive = path.join(directory, "large.tar");
  await run(project, "tar", "--create", "--file", archive, "large");
  const before = peakBytes();
  for (const source of [project, archive]) {
    const { deferred } = await store.freeze({ path: source }, quiet);
    let bytesRead = 0;
    for (const one of deferred) {
      for await (const { offset, bytes } of one.read()) {
        expect(bytes[0]).toBe(1 + ((offset / MIB) % 255));
        bytesRead += bytes.length;
      }
    }
    expect(bytesRead).toBe(3 * GIB);
  }
  expect(peakBytes() - before).toBeLessThan(300 * MIB);
});

test("a repository with 20,000 commits gives one of them", async () => {
  const { project, store } = await makeProject();
  await git("/", "init", "--quiet", "--initial-branch=main", project);
  const history = Array.from(
    { length: 20_000 },
    (_, index) =>
      `commit refs/heads/main\ncommitter a <a@b> ${index} +0000\ndata 1\nx\nM 644 inline f\ndata 6\n${String(index).padStart(6, "0")}\n`,
  ).join("");
  await writeFile(path.join(project, "history"), history);
  await run(
    project,
    "sh",
    "-c",
    "git fast-import --quiet < history && rm history && git reset --quiet --hard",
  );
  const { seed } = await store.freeze({ path: project }, quiet);
  expect(seed.tarBytes).toBeLessThan(64 * 1024);
});
