// Git for a repository that the user has named and nobody knows: none of the user's configuration and hooks takes
// part, and nobody is asked for anything.

import { PyroError } from "../../contract/errors.js";
import { HOST_ENV, runProcess, type RunResult } from "../../platform/processes.js";
import { readUserEnvironment } from "../../platform/user-environment.js";
import { TRANSPORTS } from "./repository-url.js";

export interface GitOptions {
  /** No checkout if absent: the one that this process stands in has a configuration too. */
  readonly cwd?: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

const CONFIGURATION: readonly (readonly [string, string])[] = [
  ["protocol.allow", "never"],
  ...TRANSPORTS.map((transport) => [`protocol.${transport}.allow`, "always"] as const),
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["credential.helper", ""],
  ["submodule.recurse", "false"],
  ["advice.detachedHead", "false"],
];

/** What a way to a repository may need: ssh's keys and agent, proxies, certificates. */
const PASSED_ON =
  /^(HOME|USER|LOGNAME|SSH_AUTH_SOCK|(?:https?|all|no)_proxy|(?:HTTPS?|ALL|NO)_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|GIT_SSL_CAINFO)$/;

/** A non-zero exit is a result. */
export async function runGit(args: readonly string[], options: GitOptions): Promise<RunResult> {
  const settings = CONFIGURATION.flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const result = await runProcess(["git", ...settings, ...args], {
    cwd: "/",
    ...options,
    env: gitEnvironment(),
  });
  if (result.timedOut) throw new PyroError("timeout", `git ${args[0] ?? ""} took too long`);
  return result;
}

function gitEnvironment(): Record<string, string> {
  const passedOn = Object.entries(readUserEnvironment()).filter(([name]) => PASSED_ON.test(name));
  return {
    ...Object.fromEntries(passedOn),
    ...HOST_ENV,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    SSH_ASKPASS: "/bin/false",
    SSH_ASKPASS_REQUIRE: "never",
    // An unknown host's key would be asked about: that is a failure here.
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
    GIT_LFS_SKIP_SMUDGE: "1",
  };
}
