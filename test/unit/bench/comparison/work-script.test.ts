import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { compare } from "../../../../src/bench/comparison/compare.js";
import { parseWorkTimes, WORK_SCRIPT } from "../../../../src/bench/comparison/work-script.js";
import { runProcess } from "../../../../src/platform/processes.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

describe("what the script prints", () => {
  test("is a time or a missing program for each workload", () => {
    const { durationsMs, missing } = parseWorkTimes(
      "loop 1500000\ngit-add missing git\nstatus -2000\n\nnoise\n",
    );
    expect([...durationsMs]).toEqual([
      ["loop", 1.5],
      ["status", -0.002],
    ]);
    expect([...missing]).toEqual([["git-add", "git"]]);
  });
});

describe("the script", () => {
  test("prints a time for each workload that is asked for, and no other", async () => {
    const root = await makeTempDirectory();
    await mkdir(path.join(root, "usr"));
    await writeFile(path.join(root, "usr", "file"), "");
    const argv = ["sh", "-c", WORK_SCRIPT, "sh", path.join(root, "it's work"), root] as const;
    const { exitCode, stdout, stderr } = await runProcess([...argv, "find-again", "process-starts"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const { durationsMs, missing } = parseWorkTimes(stdout);
    expect([...durationsMs.keys()]).toEqual(["find-again", "process-starts"]);
    expect(durationsMs.get("process-starts")).toBeGreaterThan(0);
    expect(missing.size).toBe(0);
  });

  test("names a program that is missing and goes on", async () => {
    const root = await makeTempDirectory();
    for (const program of ["date", "mkdir"]) await symlink(`/bin/${program}`, path.join(root, program));
    const { stdout } = await runProcess(
      ["/bin/sh", "-c", WORK_SCRIPT, "sh", path.join(root, "work"), "/", "git-status", "process-starts"],
      { env: { PATH: root } },
    );
    const { durationsMs, missing } = parseWorkTimes(stdout);
    expect([...missing]).toEqual([["git-status", "git"]]);
    expect([...durationsMs.keys()]).toEqual(["process-starts"]);
  });

  test("says so where the environment has no Python library to work on", async () => {
    const root = await makeTempDirectory();
    const argv = ["sh", "-c", WORK_SCRIPT, "sh", path.join(root, "work"), root, "git-add"] as const;
    const { stdout } = await runProcess(argv);
    expect([...parseWorkTimes(stdout).missing]).toEqual([["git-add", "Python library"]]);
  });
});

describe("guest against host", () => {
  const workload = { name: "loop", title: "a loop", goal: 1.4 };

  test("is the ratio of the medians", () => {
    const host = ["loop 2000000", "loop 1000000", "loop 9000000"].map(parseWorkTimes);
    const guest = ["loop 3000000"].map(parseWorkTimes);
    expect(compare(workload, host, guest)).toEqual({
      kind: "measured",
      ...workload,
      hostMs: 2,
      guestMs: 3,
      ratio: 1.5,
    });
  });

  test("is left out, with the reason, where one side lacks the program", () => {
    const times = [parseWorkTimes("loop 2000000")];
    const none = [parseWorkTimes("loop missing python3")];
    expect(compare(workload, none, times)).toMatchObject({
      kind: "skipped",
      reason: "the host has no python3",
    });
    expect(compare(workload, times, none)).toMatchObject({
      kind: "skipped",
      reason: "the guest has no python3",
    });
  });
});
