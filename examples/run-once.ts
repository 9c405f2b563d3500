// One command in a fresh guest, which is gone afterwards.

import { Pyro, PyroError } from "pyro-mcp";

const pyro = new Pyro();

try {
  const { stdout, exitCode, durationMs } = await pyro.runInVm({
    environment: "debian:12",
    // As an argument vector; one string would go to the guest's shell.
    command: ["git", "--version"],
    timeoutSeconds: 60,
  });
  process.stdout.write(stdout);
  console.log(`exit code ${exitCode} after ${Math.round(durationMs)} ms`);
} catch (error) {
  if (!(error instanceof PyroError)) throw error;
  // A closed set of codes: `switch` on them.
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}
