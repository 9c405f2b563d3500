// An AbortSignal ends a call, in the guest too.

import { Pyro, PyroError } from "pyro-mcp";

const pyro = new Pyro();
const controller = new AbortController();

try {
  await pyro.runInVm({
    command: "echo started; sleep 600",
    timeoutSeconds: 900,
    // `AbortSignal.timeout(5000)` does as well.
    signal: controller.signal,
    onStdout: () => controller.abort(new Error("seen enough")),
  });
} catch (error) {
  if (!(error instanceof PyroError && error.code === "cancelled")) throw error;
  const { cause } = error;
  console.log(`cancelled: ${cause instanceof Error ? cause.message : "without a reason"}`);
}
