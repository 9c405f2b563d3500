import { test } from "vitest";
import { openEngine, newSpec } from "../helpers/engine-host.js";
import { TestPyro } from "../helpers/test-pyro.js";

test("figures", async () => {
  await using pyro = await TestPyro.create();
  const engine = await openEngine(pyro);
  const machine = await engine.start(await newSpec(pyro));
  try {
    const files = machine.agent.files("/workspace");
    const time = async (name: string, act: () => Promise<unknown>, n = 5) => {
      const all: number[] = [];
      let last: unknown;
      for (let i = 0; i < n; i++) {
        const t = performance.now();
        last = await act();
        all.push(performance.now() - t);
      }
      console.log(name, all.map((x) => x.toFixed(1)).join(" "), JSON.stringify(last, (_k, v) => (typeof v === "bigint" ? String(v) : v))?.slice(0, 100));
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
