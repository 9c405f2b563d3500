// A host on which an ordinary user may make no user namespaces, as some distributions ship it.

import { runProcess, type RunResult } from "../../src/platform/processes.js";
import type { TestPyro } from "./test-pyro.js";

// The limit is that of a user namespace made here: the host's own is never touched.
const SCRIPT = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
const TIMEOUT_MS = 120_000;

/** Runs the CLI of a pyro of an ordinary user there, and so its daemon when this call starts it. */
export async function runWithoutUserNamespaces(pyro: TestPyro, args: readonly string[]): Promise<RunResult> {
  const [program, ...rest] = pyro.argv(args);
  const at = rest.indexOf("--clear-groups") + 1;
  const unshare = ["unshare", "--user", "--map-current-user", "--keep-caps", "sh", "-c", SCRIPT, "sh"];
  const argv = [...rest.slice(0, at), ...unshare, ...rest.slice(at)];
  return runProcess([program, ...argv], { env: pyro.env, timeoutMs: TIMEOUT_MS });
}
