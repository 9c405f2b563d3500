// Guests that write too much, or destroy what they see.

import { createHash } from "node:crypto";
import { readdir, readFile, readlink, statfs } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { expectNextGuestWell } from "../helpers/run-cleanly.js";
import { IDENTITIES, isRecord, useGuests, type Guests } from "../helpers/use-guests.js";

const SETTLE_TIMEOUT_MS = 30_000;

/** The environment's root file system on the host. */
async function findRootfs(guests: Guests): Promise<string> {
  const { value } = await guests.pyro.json(["env", "inspect", guests.environment]);
  if (!isRecord(value) || typeof value["install_dir"] !== "string") throw new Error("not installed");
  return path.join(value["install_dir"], "rootfs");
}

/** One digest of every name, link target and content below /etc and /usr/bin, and of the names below /usr. */
async function digestTree(rootfs: string): Promise<string> {
  const digest = createHash("sha256");
  for (const entry of (await readdir(path.join(rootfs, "usr"), { recursive: true })).sort())
    digest.update(`${entry}\n`);
  for (const directory of ["etc", "usr/bin"]) {
    const entries = await readdir(path.join(rootfs, directory), { withFileTypes: true, recursive: true });
    for (const entry of entries.sort((a, b) =>
      path.join(a.parentPath, a.name) < path.join(b.parentPath, b.name) ? -1 : 1,
    )) {
      const file = path.join(entry.parentPath, entry.name);
      digest.update(file);
      if (entry.isSymbolicLink()) digest.update(await readlink(file));
      if (entry.isFile()) digest.update(await readFile(file));
    }
  }
  return digest.digest("hex");
}

describe.each(IDENTITIES)("disk, as %s", (identity) => {
  const guests = useGuests(identity);

  test("a full disk is ENOSPC inside, `df` is true, and the host gets everything back", async () => {
    const { stateDir } = guests().pyro.settings;
    await expectNextGuestWell(guests());
    const before = await statfs(stateDir);
    // fallocate takes the space without writing 8 GiB; the rest is written.
    const script = `df --output=size,avail -B1M / | tail -1
      i=0; while fallocate -l 1G /fill$i 2>/dev/null; do i=$((i+1)); done
      dd if=/dev/zero of=/rest bs=1M 2>&1 | grep -o 'No space left'
      df --output=avail -B1M / | tail -1
      echo still-writable > /dev/shm/x && rm /fill0 && echo again > /again && cat /again`;
    const { status, stdout, stderr } = await guests().sh(script, { flags: ["--timeout-seconds", "120"] });
    const lines = stdout
      .toString()
      .trim()
      .split("\n")
      .map((line) => line.trim().replaceAll(/\s+/g, " "));
    expect(lines, stderr).toEqual([expect.stringMatching(/^8192 8\d\d\d$/), "No space left", "0", "again"]);
    expect(status).toBe(0);
    // The kernel frees the file when the last process that had it open is gone.
    const taken = async () => (before.bavail - (await statfs(stateDir)).bavail) * before.bsize;
    await expect.poll(taken, { timeout: SETTLE_TIMEOUT_MS }).toBeLessThan(1024 ** 3);
  });

  test("rm -rf / ends, and neither the environment nor the next guest has lost anything", async () => {
    const rootfs = await findRootfs(guests());
    const before = await digestTree(rootfs);
    const result = await guests().json(["rm", "-rf", "--no-preserve-root", "/"], {
      flags: ["--timeout-seconds", "60"],
    });
    expect(result).toMatchObject({ timed_out: false, exit_code: 1 });
    await expectNextGuestWell(guests());
    expect(await digestTree(rootfs)).toBe(before);
    const { value } = await guests().pyro.json(["env", "inspect", guests().environment]);
    expect(value).toMatchObject({ installed: true });
  });

  test("what a guest writes, the next one does not see", async () => {
    await guests().sh("echo changed > /etc/passwd; echo new > /new; rm /usr/bin/env; mkdir /workspace/d");
    const { stdout } = await guests().sh(
      "head -c 4 /etc/passwd; ls -d /new /workspace/d 2>/dev/null; ls /usr/bin/env",
    );
    expect(stdout.toString()).toBe("root/usr/bin/env\n");
  });
});
