// What another daemon left: living guests are taken over as they are, everything else is removed.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isMachineId } from "../../src/contract/ids.js";
import type { Machine } from "../../src/machine/engine.js";
import type { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import { runscRootDir } from "../../src/machine/gvisor/host.js";
import { newMachineId } from "../../src/machine/fresh-machines.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import { newSpec, openEngine } from "../helpers/engine-host.js";
import { execText } from "../helpers/exec-text.js";
import { expectDaemonLeftNothing, expectNothingLeft } from "../helpers/nothing-left.js";
import { guestProcesses } from "../helpers/running-guest.js";
import { TestPyro } from "../helpers/test-pyro.js";

const IDENTITY = "cat /proc/sys/kernel/random/boot_id /etc/machine-id /etc/hostname /tmp/written";
/** Connects to the agent's socket as soon as there is one, and holds on to it. */
const IMPOSTOR = `python3 -c '
import socket, time
open("/tmp/trying", "w").close()
while True:
    s = socket.socket(socket.AF_UNIX)
    try:
        s.connect("/run/pyro/agent.sock")
        open("/tmp/dialled", "w").close()
        time.sleep(0.2)
        s.close()
        break
    except OSError:
        time.sleep(0.002)
' >/dev/null 2>&1 &`;

async function isThere({ agent }: Machine, file: string): Promise<boolean> {
  return (await execText(agent, `test -e ${file} && echo yes || echo no`)) === "yes";
}

let pyro: TestPyro;
let first: GvisorEngine;
let second: GvisorEngine;
beforeAll(async () => {
  pyro = await TestPyro.create({ PYRO_POOL: "0" });
  first = await openEngine(pyro);
  second = await openEngine(pyro);
});
// A test that failed half-way has left its guests.
afterEach(() => second.reap(new Set()));
afterAll(() => pyro[Symbol.asyncDispose]());

describe("adopt", () => {
  test("a guest that was let go is the same guest afterwards", async () => {
    const machine = await first.start(await newSpec(pyro));
    await execText(machine.agent, "echo before > /tmp/written");
    const before = await execText(machine.agent, IDENTITY);
    machine.release();
    const adopted = await second.adopt(machine.id);
    if (!adopted) throw new Error("not adopted");
    expect(adopted.id).toBe(machine.id);
    expect(await execText(adopted.agent, IDENTITY)).toBe(before);
    expect(await adopted.memoryBytes()).toBeGreaterThan(0);
    await adopted.remove();
    await expectNothingLeft(pyro);
  });

  test("a command that ran is ended with the connection, and its guest adopted", async () => {
    const machine = await first.start(await newSpec(pyro));
    const running = machine.agent.exec({ argv: ["sleep", "1000"] }, () => undefined);
    await execText(machine.agent, "until pidof sleep; do sleep 0.05; done");
    machine.release();
    await expect(running).rejects.toMatchObject({ code: "guest_died" });
    const adopted = await second.adopt(machine.id);
    if (!adopted) throw new Error("not adopted");
    expect(await execText(adopted.agent, "pidof sleep || echo none")).toBe("none");
    await adopted.remove();
  });

  test("a guest that died, or never was, is not adopted", async () => {
    const machine = await first.start(await newSpec(pyro));
    machine.release();
    const sandbox = (await guestProcesses(pyro)).find((process) => process.kind === "sandbox");
    if (!sandbox) throw new Error("no sandbox");
    await signalProcess(sandbox, "SIGKILL");
    expect(await waitForExit(sandbox, 10_000)).toBe(true);
    expect(await second.adopt(machine.id)).toBeUndefined();
    expect(await second.adopt(newMachineId())).toBeUndefined();
    expect(await second.reap(new Set())).toEqual([machine.id]);
    await expectNothingLeft(pyro);
  });

  test("a user's program that dials before the agent is refused, and the guest adopted all the same", async () => {
    const machine = await first.start(await newSpec(pyro));
    await execText(machine.agent, `${IMPOSTOR}\nuntil test -e /tmp/trying; do sleep 0.01; done`);
    machine.release();
    let adopted = await second.adopt(machine.id);
    // It looks far more often than the agent, but now and then the agent comes first.
    for (let attempt = 0; adopted && attempt < 10 && !(await isThere(adopted, "/tmp/dialled")); attempt++) {
      adopted.release();
      adopted = await second.adopt(machine.id);
    }
    if (!adopted) throw new Error("not adopted");
    expect(await isThere(adopted, "/tmp/dialled")).toBe(true);
    await adopted.remove();
    await expectNothingLeft(pyro);
  });

  test("a guest survives kill -9 of the process that started it", async () => {
    const spec = await newSpec(pyro);
    const script = `
      const { GvisorEngine } = await import(${JSON.stringify(path.join(PACKAGE_ROOT, "dist/machine/gvisor/gvisor-engine.js"))});
      const engine = new GvisorEngine({ paths: ${JSON.stringify(resolveStatePaths(pyro.settings))}, platform: "systrap" });
      const machine = await engine.start(${JSON.stringify(spec)});
      await machine.agent.exec({ argv: ["sh", "-c", "echo survives > /tmp/written"] }, () => undefined);
      process.stdout.write("started");
      setInterval(() => undefined, 1000);
    `;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...pyro.env },
    });
    await once(starter.stdout, "data");
    starter.kill("SIGKILL");
    await once(starter, "close");
    const adopted = await second.adopt(spec.id);
    if (!adopted) throw new Error("not adopted");
    expect(await execText(adopted.agent, "cat /tmp/written")).toBe("survives");
    await adopted.remove();
    await expectNothingLeft(pyro);
  });
});

describe("reap", () => {
  test("removes what is not kept, and keeps what is, however alike the ids are", async () => {
    const kept = await first.start(await newSpec(pyro));
    const twinId = `${kept.id.slice(0, 31)}${kept.id.endsWith("0") ? "1" : "0"}`;
    if (!isMachineId(twinId)) throw new Error("not an id");
    const twin = await first.start({ ...(await newSpec(pyro)), id: twinId });
    expect(await second.reap(new Set([kept.id]))).toEqual([twin.id]);
    await twin.agent.closed;
    expect(await execText(kept.agent, "echo alive")).toBe("alive");
    await kept.remove();
    await expectNothingLeft(pyro);
  });

  test("finds processes that runsc itself does not know", async () => {
    const machine = await first.start(await newSpec(pyro));
    const rootDir = runscRootDir(resolveStatePaths(pyro.settings));
    for (const name of await readdir(rootDir)) {
      if (name.includes(machine.id)) await rm(path.join(rootDir, name), { recursive: true });
    }
    expect(await guestProcesses(pyro)).not.toEqual([]);
    expect(await second.reap(new Set())).toEqual([machine.id]);
    await expectDaemonLeftNothing(pyro);
  });

  test("finds them also when the records are gone, and unmounts what runsc has mounted", async () => {
    const machine = await first.start(await newSpec(pyro));
    const { state } = resolveStatePaths(pyro.settings);
    await rm(path.join(state, "machines"), { recursive: true });
    expect(await second.reap(new Set())).toEqual([machine.id]);
    await expectDaemonLeftNothing(pyro);
  });

  test("repeated, it finds nothing", async () => {
    expect(await second.reap(new Set())).toEqual([]);
  });
});
