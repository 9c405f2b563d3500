// Guests that start on frozen seeds: what the host's programs make of a tar is one thing, gVisor's reader another.

import { chmod, link, mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { formatLayerId } from "../../src/contract/ids.js";
import type { Machine } from "../../src/machine/engine.js";
import { SeedStore, type FrozenSeed } from "../../src/seed/seed-store.js";
import { execText } from "../helpers/exec-text.js";
import { useEngine } from "../helpers/use-engine.js";
import { git, makeRepository, statusOf, writeFiles } from "../unit/seed/git/git-fixture.js";
import { makeTempDirectory } from "../unit/helpers/temp-directory.js";

const opened = useEngine();

async function freeze(source: string | undefined): Promise<FrozenSeed> {
  const store = new SeedStore({ stateDir: await makeTempDirectory() });
  onTestFinished(() => store.close());
  return store.freeze(
    { path: source },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
}

async function startOn({ seed }: FrozenSeed): Promise<Machine> {
  const machine = await opened().start({
    id: formatLayerId(randomBytes(16)),
    kind: "tar",
    path: seed.tarPath,
  });
  await machine.loaded;
  return machine;
}

test("a guest has the directory as it is on the host, with names of any bytes", async () => {
  const project = await makeTempDirectory();
  await writeFiles(project, {
    "file with space": "1\n",
    [`${"d".repeat(120)}/${"e".repeat(200)}`]: "deep\n",
  });
  await writeFile(Buffer.concat([Buffer.from(`${project}/`), Buffer.from([0xff, 0xfe])]), "bytes\n");
  await writeFile(Buffer.concat([Buffer.from(`${project}/`), Buffer.alloc(150, 0xe9)]), "long bytes\n");
  await mkdir(path.join(project, "empty"), { mode: 0o700 });
  await writeFile(path.join(project, "tool"), "#!/bin/sh\necho runs\n", { mode: 0o755 });
  await symlink("tool", path.join(project, "link"));
  await symlink(`/nowhere/${"t".repeat(300)}`, path.join(project, "dangling"));
  await link(path.join(project, "tool"), path.join(project, "a-name"));
  await utimes(path.join(project, "tool"), new Date(1.5e12), new Date(1.5e12));
  await chmod(project, 0o755);
  const machine = await startOn(await freeze(project));
  const ask = (script: string) => execText(machine.agent, `cd /workspace; ${script}`);
  expect(await ask("./link; cat 'file with space' d*/e*; cat \"$(printf '\\377\\376')\"")).toBe(
    "runs\n1\ndeep\nbytes",
  );
  expect(await ask("cat $(printf '\\351%.0s' $(seq 150))")).toBe("long bytes");
  expect(await ask("stat -c '%a %u:%g %h %Y' tool; [ tool -ef a-name ] && echo same")).toBe(
    "755 0:0 2 1500000000\nsame",
  );
  expect(await ask("stat -c '%a %F' empty . ..; readlink dangling | wc -c")).toBe(
    "700 directory\n755 directory\n755 directory\n310",
  );
  expect(await ask("ls -A | wc -l; cat /etc/debian_version | wc -l")).toBe("9\n1");
});

test("a guest has an empty workspace from no source at all", async () => {
  const machine = await startOn(await freeze(undefined));
  expect(await execText(machine.agent, "ls -A /workspace | wc -l; stat -c %a / /workspace")).toBe(
    "0\n755\n755",
  );
});

test("git in the guest says of a checkout what git says on the host, and works", async () => {
  const project = await makeTempDirectory();
  await makeRepository(project, { ".gitignore": "*.log\n", "a/b": "1\n", c: "2\n", d: "3\n" });
  await writeFiles(project, { c: "edited\n", new: "", "noise.log": "", staged: "x\n" });
  await git(project, "add", "staged");
  await git(project, "rm", "--quiet", "d");
  const machine = await startOn(await freeze(project));
  const ask = (script: string) => execText(machine.agent, `cd /workspace; ${script}`);
  expect(await ask("git status --porcelain")).toBe((await statusOf(project)).trim());
  expect(await ask("git diff-files --name-only; git log --oneline | wc -l; git fsck --strict 2>&1")).toBe(
    "c\n1",
  );
  expect(await ask("git commit -qam in-the-guest && git stash list && git log --format='%s %an'")).toBe(
    "in-the-guest pyro\nfirst author",
  );
});
