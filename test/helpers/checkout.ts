// A project of a user's: a directory under Git, with one commit.

import { cp } from "node:fs/promises";
import { HOST_ENV, runProcess } from "../../src/platform/processes.js";

/** Makes a checkout with what is in `source` of a directory that is empty. */
export async function makeCheckout(directory: string, source: string): Promise<void> {
  await cp(source, directory, { recursive: true });
  await runGit(directory, ["init", "--quiet", "--initial-branch=main"]);
  await runGit(directory, ["add", "--all"]);
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  await runGit(directory, [...identity, "commit", "--quiet", "--message=begin"]);
}

/** What Git says on stdout; throws when it fails. */
export async function runGit(directory: string, args: readonly string[], stdin = ""): Promise<string> {
  const env = { ...HOST_ENV, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const { exitCode, stdout, stderr } = await runProcess(["git", ...args], { cwd: directory, env, stdin });
  if (exitCode !== 0) throw new Error(`git ${args.join(" ")} failed: ${stderr}`);
  return stdout;
}
