// `pyro daemon status|stop|logs`: they look at a daemon and never start one.

import { createReadStream } from "node:fs";
import type { Command } from "commander";
import { PyroError, isSystemError } from "../../contract/errors.js";
import { Client } from "../../client/client.js";
import { stopDaemon } from "../../client/stop-daemon.js";
import { resolveStatePaths } from "../../platform/state-paths.js";
import { formatExamples } from "../binding.js";
import { render } from "../render/render.js";
import type { ProgramContext } from "../program-context.js";
import { readLastLines } from "../last-lines.js";

const DEFAULT_LINES = 50;

export function addDaemonCommands(program: Command, context: ProgramContext): void {
  const group = program
    .command("daemon")
    .description("The background process that owns the guests")
    .helpCommand(false);
  group.exitOverride();
  addStatus(group, context);
  addStop(group, context);
  addLogs(group, context);
}

function addStatus(group: Command, { output, signal }: ProgramContext): void {
  group
    .command("status")
    .description("Show what the daemon is doing; says so when none runs")
    .option("--json", "Print one JSON document")
    .addHelpText("after", formatExamples(["pyro daemon status"]))
    .action(async () => {
      const status = await new Client().invokeIfRunning("daemon_status", {}, { signal });
      if (!status) await output.document({ running: false }, { stdout: "Daemon: not running\n" });
      else await output.document({ running: true, ...status }, render("daemon_status", status));
    });
}

function addStop(group: Command, { output, signal }: ProgramContext): void {
  group
    .command("stop")
    .description("Stop the daemon and wait until it is gone; it starts again by itself when it is needed")
    .option("--force", "Stop it also in the middle of calls; their guests are removed (default: false)")
    .option("--json", "Print one JSON document")
    .addHelpText("after", formatExamples(["pyro daemon stop", "pyro daemon stop --force"]))
    .action(async (options: { force?: boolean }) => {
      const outcome = await stopDaemon(new Client().settings, options.force === true, signal);
      if (outcome.kind === "busy") {
        throw new PyroError(
          "daemon_busy",
          `the daemon (pid ${outcome.pid}) is busy: ${outcome.busyWith.join(", ")}`,
          {
            hint: "Wait, or end its calls with `pyro daemon stop --force`.",
          },
        );
      }
      const stopped = outcome.kind === "stopped";
      const stdout = stopped ? `Stopped daemon: pid ${outcome.pid}\n` : "Daemon: not running\n";
      await output.document({ stopped, ...(stopped && { pid: outcome.pid }) }, { stdout });
    });
}

function addLogs(group: Command, { output }: ProgramContext): void {
  group
    .command("logs")
    .description("Print the end of the daemon's log")
    .option("--lines <n>", "How many lines", Number, DEFAULT_LINES)
    .option("--json", "Print one JSON document")
    .addHelpText("after", formatExamples(["pyro daemon logs", "pyro daemon logs --lines 500"]))
    .action(async (options: { lines: number }) => {
      if (!Number.isInteger(options.lines) || options.lines < 1) {
        throw new PyroError("invalid_input", "--lines takes a whole number from 1");
      }
      const file = resolveStatePaths(new Client().settings).daemonLog;
      try {
        const lines = await readLastLines(createReadStream(file), options.lines);
        await output.document({ file, lines }, { stdout: lines.map((line) => `${line}\n`).join("") });
      } catch (error) {
        if (!isSystemError(error, "ENOENT")) throw error;
        await output.document({ file, lines: [] }, { stdout: "The daemon has no log yet.\n" });
      }
    });
}
