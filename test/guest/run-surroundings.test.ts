// `pyro run` started from unusual surroundings.

import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { IDENTITIES, useGuests } from "../helpers/use-guests.js";

describe.each(IDENTITIES)("surroundings, as %s", (identity) => {
  const guests = useGuests(identity);

  /** Runs `pyro run … -- echo hello` as "$@" of a host shell's script. */
  async function runIn(script: string): Promise<{ status: number | null; stdout: string }> {
    const { pyro, environment } = guests();
    await pyro.run(["daemon", "stop"]);
    const argv = pyro.argv(["run", environment, "--", "echo", "hello"]);
    const shell = spawn("sh", ["-c", script, "sh", ...argv], {
      env: pyro.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const closed = new Promise<number | null>((resolve) => shell.once("close", resolve));
    const stdout = (await shell.stdout.setEncoding("utf8").toArray()).join("");
    return { status: await closed, stdout };
  }

  test("a umask that closes everything to others", async () => {
    expect(await runIn('umask 077; exec "$@"')).toEqual({ status: 0, stdout: "hello\n" });
  });

  test("closed stdin", async () => {
    expect(await runIn('exec "$@" <&-')).toEqual({ status: 0, stdout: "hello\n" });
  });

  test("a working directory that is gone", async () => {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-gone-"));
    expect(await runIn(`cd ${directory} && rmdir ${directory} && exec "$@"`)).toEqual({
      status: 0,
      stdout: "hello\n",
    });
  });

  test("few allowed open files", async () => {
    expect(await runIn('ulimit -n 256; exec "$@"')).toEqual({ status: 0, stdout: "hello\n" });
  });

  test("stderr that nobody reads", async () => {
    expect(await runIn('exec "$@" 2>&-')).toEqual({ status: 0, stdout: "hello\n" });
  });
});
