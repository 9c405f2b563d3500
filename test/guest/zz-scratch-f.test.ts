import { mkdir, writeFile, appendFile } from "node:fs/promises";
import path from "node:path";
import { test } from "vitest";
import { runProcess } from "../../src/platform/processes.js";
import { openEngine, newSpec } from "../helpers/engine-host.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { pushIntoGuest } from "../../src/workspace/sync/push-into-guest.js";
import { exportFromGuest } from "../../src/workspace/export/export-from-guest.js";
import { viewSource } from "../../src/workspace/sync/source-view.js";
import { readFile } from "../../src/workspace/files/read-file.js";
import { writeFile as writeGuest } from "../../src/workspace/files/write-file.js";
import { listFiles } from "../../src/workspace/files/list-files.js";

test("figures", async () => {
  await using pyro = await TestPyro.create();
  const engine = await openEngine(pyro);
  const machine = await engine.start({ ...(await newSpec(pyro)), memMib: 1024 });
  const signal = new AbortController().signal;
  const time = async (name: string, act: () => Promise<unknown>, n = 1) => {
    const all: number[] = [];
    let last: unknown;
    for (let i = 0; i < n; i++) {
      const t = performance.now();
      last = await act();
      all.push(performance.now() - t);
    }
    all.sort((a, b) => a - b);
    console.log(name, all.map((x) => x.toFixed(1)).join(" "), JSON.stringify(last)?.slice(0, 200));
  };
  try {
    const source = path.join(pyro.directory, "repo");
    for (let d = 0; d < 200; d++) {
      await mkdir(path.join(source, `src/d${d}`), { recursive: true });
      for (let i = 0; i < 50; i++) await writeFile(path.join(source, `src/d${d}/f${i}.ts`), `${d} ${i} `.repeat(900));
    }
    for (const argv of [["git", "init", "-q"], ["git", "add", "."], ["git", "-c", "user.name=t", "-c", "user.email=t@t", "commit", "-qm", "1"]] as [string, ...string[]][])
      await runProcess(argv, { cwd: source });
    const files = machine.agent.files("/workspace");
    await machine.agent.exec({ argv: ["mkdir", "-p", "/workspace"] }, () => undefined);
    const host = { scratchDir: path.join(pyro.directory, "scratch"), ownDirs: [], homeDir: pyro.directory };
    const push = () => pushIntoGuest({ files, sourcePath: source, dest: "/workspace", host, signal, onProgress: () => undefined });
    await time("first push", push);
    await time("view only", () => viewSource({ ...host, scratchDir: path.join(pyro.directory, "x"), sourcePath: source, signal }).then((v) => v.entries.length), 4);
    await time("walk", () => files.walk({ recursive: true, skipGit: true }).then((v) => v.entries.length), 5);
    await time("nothing changed", push, 5);
    let round = 0;
    await time("20 changed", async () => {
      round++;
      for (let i = 0; i < 20; i++) await appendFile(path.join(source, `src/d${i * 9}/f${round}.ts`), "changed");
      return push();
    }, 6);
    await time("touch all", async () => {
      await runProcess(["sh", "-c", "find src -type f -exec touch -d '2020-01-01' {} +"], { cwd: source });
      return push();
    });
    const outs = [0, 1, 2];
    await time("export 10000", () => exportFromGuest({ files, path: "src", outputPath: path.join(pyro.directory, `out${outs.pop()}`), force: false, protectedPaths: [], signal, onProgress: () => undefined, journal: { begin: async () => undefined, end: async () => undefined } }).then(({ entryCount, bytesWritten }) => ({ entryCount, bytesWritten })), 3);
    await time("write 10K", () => writeGuest({ files, path: "one", text: "x".repeat(10240), signal }), 20);
    await time("read 10K", () => readFile({ files, path: "one", offset: 0, maxBytes: 65536, signal }).then(({ sizeBytes }) => sizeBytes), 20);
    await time("list", () => listFiles({ files, path: "src/d0", recursive: false, signal }).then(({ entries }) => entries.length), 10);
  } finally {
    await machine.remove();
    await engine.reap(new Set());
  }
});
