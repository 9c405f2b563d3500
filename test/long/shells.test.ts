// Shells that print without end, and many of them.

import { describe, expect, test } from "vitest";
import { daemonStatus } from "../helpers/connected-client.js";
import { TestShell } from "../helpers/shell.js";
import { useClient } from "../helpers/use-client.js";
import { COUNT_SLEEPS, createWorkspace, sh } from "../helpers/workspace.js";

const SHELLS = 50;
const MAX_SHELLS = 64;
const FLOOD_BYTES = 500_000_000;
/** The daemon's own, with what it has read and draws. */
const DAEMON_MAX_BYTES = 250_000_000;

describe("shells", () => {
  const connected = useClient();

  test("one that prints 500 MB keeps its end, and daemon and guest stay small and answer", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    const shell = await TestShell.open(client, workspace_id);
    await shell.type(`head -c ${FLOOD_BYTES} /dev/zero | tr '\\0' 'x' | fold -w 99; echo flood''ed`);
    let answers = 0;
    while (!(await shell.read({ plain: true, cursor: 1, max_chars: 500 })).output.includes("flooded")) {
      expect(await sh(client, workspace_id, "echo well")).toBe("well\n");
      await shell.read({ wait_for_idle_ms: 300, max_chars: 100_000, cursor: 0 });
      answers++;
    }
    expect(answers).toBeGreaterThan(0);
    const all = await shell.read({ cursor: 0, max_chars: 1_048_576 });
    // Each line ends with a carriage return and a newline here.
    expect(all.missing_chars + all.output.length).toBe(all.next_cursor);
    expect(all.next_cursor).toBeGreaterThan(FLOOD_BYTES);
    expect(all.output.length).toBeGreaterThan(900_000);
    const { memory_bytes } = await client.invoke("workspace_status", { workspace_id });
    expect(memory_bytes).toBeLessThan(400_000_000);
    expect((await daemonStatus(client)).memory_bytes).toBeLessThan(DAEMON_MAX_BYTES);
    await shell.close();
  });

  test("fifty work side by side; beyond the limit one is refused", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client, { mem_mib: 2048 });
    const before = (await client.invoke("workspace_status", { workspace_id })).memory_bytes;
    const shells = await Promise.all(
      Array.from({ length: SHELLS }, () => TestShell.open(client, workspace_id)),
    );
    await Promise.all(
      shells.map((shell, index) =>
        shell.ask(`sleep 900 & echo answer-$((${index} * 7))`, `answer-${index * 7}\n`),
      ),
    );
    const after = (await client.invoke("workspace_status", { workspace_id })).memory_bytes;
    console.log(`guest, MB for each shell: ${(after - before) / SHELLS / 1e6}`);
    console.log(`daemon, MB: ${(await daemonStatus(client)).memory_bytes / 1e6}`);
    for (let index = SHELLS; index < MAX_SHELLS; index++) {
      await client.invoke("shell_open", { workspace_id });
    }
    await expect(client.invoke("shell_open", { workspace_id })).rejects.toMatchObject({
      code: "shell_limit_reached",
    });
    await Promise.all(shells.map((shell) => shell.close()));
    expect(await sh(client, workspace_id, COUNT_SLEEPS)).toBe("0\n");
    await client.invoke("shell_open", { workspace_id });
  });
});
