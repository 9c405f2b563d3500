// An ordinary user of one test.

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);

export interface TemporaryUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Put before a command to run it as this user. */
  readonly prefix: readonly string[];
}

/** Makes a user, with or without subordinate ids; removed with the test. Only root can. */
export async function makeTemporaryUser(options: {
  readonly subordinateIds: boolean;
}): Promise<TemporaryUser> {
  const name = `pyro-test-${randomBytes(4).toString("hex")}`;
  // System users get no subordinate ids.
  await run("useradd", ["--system", "--user-group", "--no-create-home", name]);
  onTestFinished(async () => {
    await run("userdel", [name]);
  });
  if (options.subordinateIds) {
    await run("usermod", ["--add-subuids", "2000000-2065535", "--add-subgids", "2000000-2065535", name]);
  }
  const uid = Number((await run("id", ["-u", name])).stdout);
  const gid = Number((await run("id", ["-g", name])).stdout);
  return { name, uid, gid, prefix: ["setpriv", `--reuid=${name}`, `--regid=${name}`, "--init-groups"] };
}
