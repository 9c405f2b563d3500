// `make bench`: the figures of docs/performance.md.
//
// Arguments: --only NAME (again for each), --runs N, --json. Environment: BENCH_JSON, a file for the JSON document;
// WRITE=1 puts the figures into docs/performance.md.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { formatReport, hasFailures, toDocument, type Report } from "../src/bench/report.js";
import { runBench } from "../src/bench/run-bench.js";
import { USER_SCENARIOS } from "../src/bench/scenarios/user-scenarios.js";
import { formatStatusLine } from "../src/cli/progress.js";
import { toPyroError } from "../src/contract/errors.js";
import type { OperationEvent } from "../src/contract/events.js";
import { DEFAULT_ENVIRONMENT } from "../src/contract/limits.js";
import { PACKAGE_ROOT } from "../src/platform/package-files.js";
import { BenchPyro } from "./bench-pyro.js";
import { EngineGuests } from "./engine-guests.js";
import { formatFigures, replaceFigures } from "./markdown.js";
import { DEVELOPER_SCENARIOS } from "./scenarios/developer-scenarios.js";

const DOCUMENT = path.join(PACKAGE_ROOT, "docs", "performance.md");

const { values: options } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    runs: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

async function measure(signal: AbortSignal): Promise<Report> {
  await using pooled = await BenchPyro.create({ pool: true });
  await using unpooled = await BenchPyro.create({ pool: false });
  await using guests = await EngineGuests.open();
  const bench = {
    client: pooled.client,
    environment: DEFAULT_ENVIRONMENT,
    only: options.only,
    runs: options.runs === undefined ? undefined : Number(options.runs),
    signal,
    onEvent: tell,
  };
  return await runBench([...DEVELOPER_SCENARIOS, ...USER_SCENARIOS], bench, (context) => ({
    ...context,
    pooled,
    unpooled,
    startMachine: () => guests.start(path.join(context.installDir, "rootfs"), signal),
  }));
}

function tell(event: OperationEvent): void {
  if (event.type === "progress" && !event.done) console.error(formatStatusLine(event));
}

/** Whether the document gets the figures. Some of them alone would take the place of all. */
function isForDocument(): boolean {
  if (process.env["WRITE"] !== "1") return false;
  if (options.only.length > 0) throw new Error("WRITE=1 writes all figures, and so goes without --only");
  return true;
}

async function publish(report: Report, intoDocument: boolean): Promise<void> {
  const json = `${JSON.stringify(toDocument(report), undefined, 2)}\n`;
  process.stdout.write(options.json ? json : formatReport(report));
  const file = process.env["BENCH_JSON"];
  if (file !== undefined && file !== "") await writeFile(file, json);
  if (intoDocument)
    await writeFile(DOCUMENT, replaceFigures(await readFile(DOCUMENT, "utf8"), formatFigures(report)));
}

const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupt.abort(new Error(`interrupted by ${signal}`)));
}
try {
  const intoDocument = isForDocument();
  const report = await measure(interrupt.signal);
  await publish(report, intoDocument);
  if (hasFailures(report)) process.exitCode = 1;
} catch (error) {
  console.error(`error: ${toPyroError(error).message}`);
  process.exitCode = 1;
}
