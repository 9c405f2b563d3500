// An ordinary user of the host, for tests that run as root: made when it does not exist, and removed again by
// whoever made it. Its environments stay, in a place of their own, so that they are installed once.

import { chown, mkdir } from "node:fs/promises";
import { runProcess } from "../../src/platform/processes.js";
import { TestPyro, type HostUser } from "./test-pyro.js";

const NAME = "pyro-tester";
/** Fixed, so that the files that stay belong to the next one too. */
const UID = 47_011;
/** Shared between runs, as the environment cache of the tests' own user is. */
const ENVIRONMENT_CACHE_DIR = process.env["PYRO_TEST_USER_CACHE_DIR"] ?? `/var/cache/pyro-test-${UID}`;
const PULL_TIMEOUT_MS = 600_000;

/** The environment that is installed for the ordinary user. */
export const USER_ENVIRONMENT = "debian:12-base";

export class OrdinaryUser implements HostUser, AsyncDisposable {
  readonly name = NAME;
  readonly uid: number;
  readonly gid: number;
  readonly #madeHere: boolean;

  private constructor(uid: number, gid: number, madeHere: boolean) {
    this.uid = uid;
    this.gid = gid;
    this.#madeHere = madeHere;
  }

  static async ensure(): Promise<OrdinaryUser> {
    const found = await findUser();
    if (found) return new OrdinaryUser(found.uid, found.gid, false);
    const { exitCode, stderr } = await runProcess(["useradd", "-m", "-u", String(UID), NAME]);
    const made = await findUser();
    if (!made) throw new Error(`useradd failed (${String(exitCode)}): ${stderr}`);
    return new OrdinaryUser(made.uid, made.gid, true);
  }

  /** A pyro of this user, with its environment installed. */
  async openPyro(
    extra: Readonly<Record<string, string>> = {},
    inside: readonly string[] = [],
  ): Promise<TestPyro> {
    await mkdir(ENVIRONMENT_CACHE_DIR, { recursive: true, mode: 0o700 });
    await chown(ENVIRONMENT_CACHE_DIR, this.uid, this.gid);
    const variables = { PYRO_ENVIRONMENT_CACHE_DIR: ENVIRONMENT_CACHE_DIR, ...extra };
    const pyro = await TestPyro.create(variables, this, inside);
    const pulled = await pyro.run(["env", "pull", USER_ENVIRONMENT], { timeoutMs: PULL_TIMEOUT_MS });
    if (pulled.status === 0) return pyro;
    await pyro[Symbol.asyncDispose]();
    throw new Error(`env pull failed: ${pulled.stderr}`);
  }

  /** userdel refuses while another test run has processes of this user: then that one removes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#madeHere) await runProcess(["userdel", "-r", NAME]);
  }
}

async function findUser(): Promise<{ uid: number; gid: number } | undefined> {
  const { stdout } = await runProcess(["getent", "passwd", NAME]);
  const [, , uid, gid] = stdout.trim().split(":");
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
