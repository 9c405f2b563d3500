import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { launchDetached } from "../../../src/platform/launch-detached.js";
import { HOST_ENV } from "../../../src/platform/processes.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const signal = new AbortController().signal;

function killAfterTest(pid: number): void {
  onTestFinished(() => {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  });
}

/** Fields 3 and after of /proc/PID/stat: state, ppid, process group, session. */
async function readStat(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

async function listAncestors(pid: number): Promise<number[]> {
  const ppid = Number((await readStat(pid))[1]);
  return ppid <= 1 ? [ppid] : [ppid, ...(await listAncestors(ppid))];
}

test("what is launched is not our descendant and has a session of its own", async () => {
  const pid = Number(await launchDetached(["sh", "-c", "echo $$; exec sleep 60"], { env: HOST_ENV, signal }));
  killAfterTest(pid);
  // Its parent, setsid, is about to end when the line comes.
  await vi.waitFor(async () => expect(await listAncestors(pid)).not.toContain(process.pid), 10_000);
  expect(Number((await readStat(pid))[3])).toBe(pid);
});

test("it gets the environment that is given and nothing of ours, and / as its directory", async () => {
  const line = await launchDetached(["sh", "-c", 'echo "$PWD $GREETING ${HOME-none}"'], {
    env: { ...HOST_ENV, GREETING: "it's me" },
    signal,
  });
  expect(line).toBe("/ it's me none");
});

test.each([[["true"]], [["/no/such/program"]]])(
  "%j, which ends without a line, gives an empty one",
  async (argv) => {
    expect(await launchDetached(argv, { env: HOST_ENV, signal })).toBe("");
  },
);

test("only the first line counts, also when it has no end", async () => {
  expect(await launchDetached(["printf", "one\\ntwo\\n"], { env: HOST_ENV, signal })).toBe("one");
  expect(await launchDetached(["printf", "one"], { env: HOST_ENV, signal })).toBe("one");
});

test("an abort ends the wait for a program that says nothing", async () => {
  const pidFile = path.join(await makeTempDirectory(), "pid");
  const controller = new AbortController();
  const script = `echo $$ > '${pidFile}.new'; mv '${pidFile}.new' '${pidFile}'; exec sleep 60`;
  const launching = launchDetached(["sh", "-c", script], { env: HOST_ENV, signal: controller.signal });
  killAfterTest(Number(await vi.waitFor(() => readFile(pidFile, "utf8"), 10_000)));
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(launching).rejects.toBe(reason);
});

test("with a signal that is aborted already nothing starts", async () => {
  const aborted = AbortSignal.abort(new Error("no"));
  await expect(launchDetached(["true"], { env: HOST_ENV, signal: aborted })).rejects.toThrow("no");
});

test("a host without setsid is an error of the call, not of the process", async () => {
  const launching = launchDetached(["true"], { env: { PATH: "/nonexistent" }, signal });
  await expect(launching).rejects.toMatchObject({
    code: "program_missing",
    hint: "Install it, for example with `apt-get install util-linux`.",
  });
});
