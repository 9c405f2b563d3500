import { test } from "vitest";
import { openEngine, newSpec } from "../helpers/engine-host.js";
import { TestPyro } from "../helpers/test-pyro.js";

import { readdirSync, readFileSync } from "node:fs";
import { findSandboxProcesses } from "../../src/machine/gvisor/sandbox-processes.js";
import { runscRootDir } from "../../src/machine/gvisor/host.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
function cpuOf(pids: Set<number>): number {
  let sum = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^[0-9]+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, "utf8");
      const f = text.slice(text.lastIndexOf(")") + 2).split(" ");
      if (pids.has(Number(name)) || pids.has(Number(f[1]))) sum += Number(f[11]) + Number(f[12]);
    } catch { /* gone */ }
  }
  return sum * 10;
}

test("figures", async () => {
  await using pyro = await TestPyro.create();
  const engine = await openEngine(pyro);
  const machine = await engine.start(await newSpec(pyro));
  try {
    const pids = new Set((await findSandboxProcesses(runscRootDir(resolveStatePaths(pyro.settings)))).map((p) => p.pid));
    const files = machine.agent.files("/workspace");
    const time = async (name: string, act: () => Promise<unknown>, n = 5) => {
      const all: number[] = [];
      let last: unknown;
      const c0 = cpuOf(pids);
      const n0 = process.cpuUsage();
      for (let i = 0; i < n; i++) {
        const t = performance.now();
        last = await act();
        all.push(performance.now() - t);
      }
      const n1 = process.cpuUsage(n0);
      console.log(name, "guest-cpu/op", ((cpuOf(pids) - c0) / n).toFixed(1), "node-cpu/op", ((n1.user + n1.system) / 1000 / n).toFixed(1), "|", all.map((x) => x.toFixed(1)).join(" "), JSON.stringify(last, (_k, v) => (typeof v === "bigint" ? String(v) : v))?.slice(0, 100));
    };
    const content = Buffer.alloc(6500, "abc");
    await time("apply 10000", () => files.apply((function* () {
      for (let i = 0; i < 10000; i++) yield { kind: "write_file" as const, path: `src/d${i % 200}/f${i}`, sizeBytes: content.length, content: [{ offset: 0, bytes: content }] };
    })()), 3);
    await time("walk", async () => (await files.walk({ recursive: true })).entries.length, 8);
    await time("walk git", async () => (await files.walk({ recursive: true, honorGitignore: true, skipGit: true })).entries.length);
    const paths = Array.from({ length: 1000 }, (_, i) => `src/d${i % 200}/f${i}`);
    await time("stat 1000", async () => (await files.stat(paths)).length);
    const ten = Buffer.alloc(10240, "x");
    await time("apply 1", () => files.apply([{ kind: "write_file", path: "one", sizeBytes: ten.length, content: [{ offset: 0, bytes: ten }] }]), 15);
    await time("read", async () => (await files.read("one", { offset: 0, maxBytes: 65536 })).content.length, 15);
    await time("fetch 20", async () => { let n = 0; for await (const x of files.fetch(paths.slice(0, 20), { digest: true })) { void x; n++; } return n; }, 10);
    await time("fetch all", async () => { let n = 0; for await (const x of files.fetch([""], { recursive: true })) { void x; n++; } return n; }, 2);
    await time("ping", async () => machine.agent.ping(), 10);
  } finally {
    await machine.remove();
  }
});
