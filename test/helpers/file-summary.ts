// A reporter for runs of an hour: at the end a line for each file, and what the host's load was.

import { loadavg } from "node:os";
import type { Reporter, TestModule } from "vitest/node";

export default class FileSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.map((module) => {
      const tests = [...module.children.allTests()];
      const count = (state: string) => tests.filter((test) => test.result().state === state).length;
      return {
        state: module.state(),
        passed: count("passed"),
        failed: count("failed"),
        skipped: count("skipped"),
        seconds: Math.round(module.diagnostic().duration / 1000),
        file: module.relativeModuleId,
      };
    });
    const lines = rows
      .toSorted((a, b) => b.seconds - a.seconds)
      .map(({ state, passed, failed, skipped, seconds, file }) =>
        [
          state.padEnd(8),
          `${passed} passed`.padStart(11),
          `${failed} failed`.padStart(10),
          `${skipped} skipped`.padStart(11),
          `${seconds} s`.padStart(8),
          ` ${file}`,
        ].join(" "),
      );
    const minutes = Math.round(rows.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
    const loads = loadavg().map((load) => load.toFixed(1));
    console.log(
      ["", ...lines, `${rows.length} files in ${minutes} min; load ${loads.join(", ")}`].join("\n"),
    );
  }
}
