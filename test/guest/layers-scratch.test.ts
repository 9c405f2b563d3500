import { test } from "vitest";
import path from "node:path";
import { mkdir, readdir, rm } from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { formatLayerId } from "../../src/contract/ids.js";
import type { Layer, Machine } from "../../src/machine/engine.js";
import { sealFile } from "../../src/machine/layers/layer-file.js";
import { execText } from "../helpers/exec-text.js";
import { writeLayerTar } from "../helpers/layer-tar.js";
import { newSpec } from "../helpers/engine-host.js";
import { useEngine } from "../helpers/use-engine.js";
const opened = useEngine();
const stat = (xs: number[]) => { xs.sort((a, b) => a - b); return `min ${xs[0]?.toFixed(0)} med ${xs[xs.length >> 1]?.toFixed(0)} (${xs.length})`; };
async function startFirst(layer?: Layer) {
  const { engine, pyro } = opened();
  const spec = { ...(await newSpec(pyro)), memMib: 1024, layer };
  const t = performance.now();
  const m = await engine.start(spec);
  const t1 = performance.now();
  await m.agent.exec({ argv: ["/bin/true"] }, () => undefined);
  const t2 = performance.now();
  await m.loaded;
  return { m, start: t1 - t, first: t2 - t, loaded: performance.now() - t };
}
async function starts(name: string, n: number, layer?: Layer) {
  const s: number[] = [], f: number[] = [], l: number[] = [], mem: number[] = [];
  for (let i = 0; i < n; i++) { const r = await startFirst(layer); s.push(r.start); f.push(r.first); l.push(r.loaded); mem.push((await r.m.memoryBytes()) / 1e6); await r.m.remove(); }
  console.log(name, "start", stat(s), "| first exec", stat(f), "| loaded", stat(l), "| MB", stat(mem));
}
async function captures(name: string, n: number, m: Machine): Promise<Layer> {
  const { layers, pyro } = opened();
  const total: number[] = [], raw: number[] = [], seal: number[] = [];
  let last: Layer | undefined; let size = 0;
  for (let i = 0; i < n; i++) {
    let t = performance.now();
    const l = await layers.capture(m, name); total.push(performance.now() - t);
    size = l.sizeBytes;
    if (last) await layers.remove(last.id as never);
    last = l;
    const d = path.join(pyro.directory, "raw"); await rm(d, { recursive: true, force: true }); await mkdir(d);
    t = performance.now(); await m.capture?.(d); raw.push(performance.now() - t);
    t = performance.now(); await Promise.all((await readdir(d)).map((f) => sealFile(d, f))); seal.push(performance.now() - t);
    await rm(d, { recursive: true });
  }
  console.log(name, "capture total", stat(total), "| runsc", stat(raw), "| seal", stat(seal), "| MB", (size / 1e6).toFixed(1));
  if (!last) throw new Error();
  return last;
}
test("figures", async () => {
  const { pyro } = opened();
  await starts("plain", 7);
  const small = (await startFirst()).m;
  await execText(small.agent, "mkdir -p /workspace; for i in $(seq 200); do echo $i > /workspace/f$i; done");
  const sl = await captures("small", 15, small); await small.remove();
  await starts("on small capture", 7, sl);
  const file = path.join(pyro.directory, "seed.tar");
  const content = randomBytes(20_000);
  await writeLayerTar(file, Array.from({ length: 10_000 }, (_e, i) => ({ path: `workspace/${i % 97}/${i}`, type: "file" as const, content: content.subarray(i, i + 6_500) })));
  const tar: Layer = { id: formatLayerId(randomBytes(16)), kind: "tar", path: file };
  await starts("on tar 10k", 5, tar);
  const seeded = (await startFirst(tar)).m;
  const cl = await captures("10k", 5, seeded); await seeded.remove();
  await starts("on capture 10k", 5, cl);
  const big = (await startFirst()).m;
  await execText(big.agent, `python3 -c '
import os
block = os.urandom(1 << 20)
for i in range(50000):
    d = f"/workspace/{i // 500}"
    os.makedirs(d, exist_ok=True)
    at = (i * 7919) % (len(block) - 16000)
    with open(f"{d}/{i}", "wb") as f: f.write(block[at:at + 16000])
'`);
  const bl = await captures("50k 800MB", 2, big); await big.remove();
  await starts("on capture 50k", 2, bl);
}, 900_000);
