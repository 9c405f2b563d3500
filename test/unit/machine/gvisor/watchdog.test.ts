// The watch over one sandbox, with played figures of its memory.

import { expect, onTestFinished, test } from "vitest";
import { watchSandbox } from "../../../../src/machine/gvisor/watchdog.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

test("a sandbox whose end fails is ended again, until it takes no more than it may", async () => {
  const failures: unknown[] = [];
  let memoryBytes = 2;
  let attempts = 0;
  const logDir = await makeTempDirectory();
  await new Promise<void>((resolve) => {
    const watch = watchSandbox({
      usage: { readMemoryBytes: () => Promise.resolve(memoryBytes) },
      logDir,
      memoryLimitBytes: 1,
      kill: () => {
        attempts += 1;
        if (attempts === 1) return Promise.reject(new Error("too many open files"));
        memoryBytes = 0;
        expect(watch.outOfMemory).toBe(true);
        resolve();
        return Promise.resolve();
      },
      onFailure: (error) => failures.push(error),
    });
    onTestFinished(() => watch.stop());
  });
  expect(attempts).toBe(2);
  expect(failures).toMatchObject([{ message: "too many open files" }]);
});
