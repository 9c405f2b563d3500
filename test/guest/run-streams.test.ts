// stdin, stdout and stderr of the guest's command.

import { createHash, randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { IDENTITIES, useGuests } from "../helpers/use-guests.js";

const MIB = 1024 * 1024;

describe.each(IDENTITIES)("streams, as %s", (identity) => {
  const guests = useGuests(identity);

  test("50 MB of stdin arrive byte for byte", async () => {
    const stdin = randomBytes(50 * MIB);
    const { status, stdout } = await guests().run(["sha256sum"], { stdin });
    expect(status).toBe(0);
    expect(stdout.toString().split(" ")[0]).toBe(createHash("sha256").update(stdin).digest("hex"));
  });

  test("a command that reads none of 50 MB of stdin ends as it would without", async () => {
    // Some at once: an answer is lost only when the command ends while the CLI is still sending.
    const stdin = Buffer.alloc(50 * MIB);
    const runs = [1, 2, 3, 4].map(() => guests().sh("echo ok; exit 3", { stdin }));
    for (const { status, stdout, stderr } of await Promise.all(runs)) {
      expect({ status, stdout: stdout.toString() }, stderr).toEqual({ status: 3, stdout: "ok\n" });
    }
  });

  test("a command that stops reading stdin half-way ends as it would", async () => {
    const { status, stdout } = await guests().sh("head -c 5; exit 4", { stdin: Buffer.alloc(20 * MIB, "x") });
    expect(stdout.toString()).toBe("xxxxx");
    expect(status).toBe(4);
  });

  test("without stdin a command reads end of file", async () => {
    const { status, stdout } = await guests().run(["wc", "-c"]);
    expect(stdout.toString().trim()).toBe("0");
    expect(status).toBe(0);
  });

  test("every byte value passes from stdin to stdout, and stderr stays apart", async () => {
    const stdin = Buffer.from(Array.from({ length: 256 * 40 }, (_, index) => index % 256));
    const { status, stdout, stderr } = await guests().sh("cat; echo to-stderr >&2", { stdin });
    expect(status).toBe(0);
    expect(stdout.equals(stdin)).toBe(true);
    expect(stderr).toMatch(/^to-stderr$/m);
  });

  test("output is streamed while the command runs", async () => {
    const child = guests().pyro.start(
      ["run", guests().environment, "--", "sh", "-c", "echo first; read line; echo $line"],
      {
        openStdin: true,
      },
    );
    const { stdin, stdout } = child;
    if (!stdin || !stdout) throw new Error("the CLI has no pipes");
    expect(String(await once(stdout, "data"))).toBe("first\n");
    stdin.end("second\n");
    expect(String(await once(stdout, "data"))).toBe("second\n");
    await once(child, "close");
    expect(child.exitCode).toBe(0);
  });

  test("a reader that goes away ends the command", async () => {
    const { pyro, environment } = guests();
    // Through a real shell pipe: its reader is gone after one line, while the guest would write for ever.
    const argv = pyro.argv(["run", environment, "--timeout-seconds", "600", "--", "yes"]);
    const shell = spawn("sh", ["-c", '"$@" | head -n 1', "sh", ...argv], {
      env: pyro.env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const stdout = await shell.stdout.setEncoding("utf8").toArray();
    expect(stdout.join("")).toBe("y\n");
    if (shell.exitCode === null) await once(shell, "close");
  });

  test("eight guests at once keep apart", async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        guests().sh(`echo ${index} > /tmp/n; cat /tmp/n; exit ${index}`),
      ),
    );
    expect(results.map(({ status, stdout }) => [status, stdout.toString()])).toEqual(
      results.map((_, index) => [index, `${index}\n`]),
    );
  });
});
