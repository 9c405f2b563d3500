// Root and an ordinary user on one host, at the same time.

import { access, chmod, readdir, stat } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { runProcess } from "../../src/platform/processes.js";
import { resolveStatePaths } from "../../src/platform/state-paths.js";
import { errorOf } from "../helpers/answers.js";
import { follow } from "../helpers/running-guest.js";
import { IDENTITIES, useGuests, type Guests } from "../helpers/use-guests.js";

async function startWaiting({ pyro, environment }: Guests) {
  const child = pyro.start(["run", environment, "--", "sh", "-c", "echo ready; read line; echo $line"], {
    openStdin: true,
  });
  const { ended, seen } = follow(child);
  await seen("ready");
  return { child, ended };
}

describe.skipIf(IDENTITIES.length < 2)("two users (needs root, who can be both)", () => {
  const roots = useGuests("root");
  const users = useGuests("an ordinary user");

  test("have guests at the same time, and neither gets at the other's", async () => {
    const [one, other] = await Promise.all([startWaiting(roots()), startWaiting(users())]);
    const { settings } = roots().pyro;
    const socket = resolveStatePaths(settings).daemonSocket;
    await access(socket);
    const { uid } = await stat(users().pyro.directory);
    const asUser = (argv: readonly string[]) =>
      runProcess(["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", ...argv]);
    for (const file of [socket, settings.stateDir, settings.runtimeDir]) {
      expect((await asUser(["stat", file])).exitCode).not.toBe(0);
    }
    const dial = `require("node:net").connect(${JSON.stringify(socket)}).on("error", (e) => process.stdout.write(e.code)).on("connect", () => process.exit(1))`;
    expect(await asUser([process.execPath, "-e", dial])).toMatchObject({ exitCode: 0, stdout: "EACCES" });
    // Each daemon knows its own guest only.
    for (const guests of [roots(), users()]) {
      const { value } = await guests.pyro.json(["daemon", "status"]);
      expect(value).toHaveProperty("calls.length", 1);
    }
    one.child.stdin?.end("root's\n");
    other.child.stdin?.end("the user's\n");
    expect((await one.ended).stdout).toBe("ready\nroot's\n");
    expect((await other.ended).stdout).toBe("ready\nthe user's\n");
  });

  test("a state of root's that others may look into is refused to them in words", async () => {
    const { directory, settings } = roots().pyro;
    const opened = [directory, settings.stateDir];
    expect((await roots().pyro.json(["workspace", "list"])).status).toBe(0);
    for (const each of opened) await chmod(each, 0o755);
    const env = { PYRO_STATE_DIR: settings.stateDir };
    const { status, value } = await users().pyro.json(["workspace", "list"], { env });
    for (const each of opened) await chmod(each, 0o700);
    expect(errorOf(value)).toMatchObject({ code: "storage_unavailable" });
    expect(errorOf(value).message).toContain("belongs to another user");
    expect(status).toBe(5);
  });

  test("the ordinary user's guest has none of root's privileges on files of the host", async () => {
    const { pyro } = users();
    const found = await readdir(pyro.settings.stateDir);
    expect(found).toContain("daemon.log");
    for (const name of found) {
      const { uid } = await stat(`${pyro.settings.stateDir}/${name}`);
      expect(uid).not.toBe(0);
    }
  });
});
