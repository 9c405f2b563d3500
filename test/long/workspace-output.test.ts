// A command that prints 2 GiB: the daemon's memory is bounded, the output is kept whole and readable in pages.

import { describe, expect, test } from "vitest";
import { daemonStatus } from "../helpers/connected-client.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace } from "../helpers/workspace.js";

const TOTAL_BYTES = 2 * 1024 ** 3;
const MAX_DAEMON_BYTES = 300 * 1024 ** 2;

describe("yes | head -c 2G", () => {
  const connected = useClient();

  test("is recorded whole within bounded memory", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client);
    let peakBytes = 0;
    let seenBytes = 0;
    let nextLookBytes = 0;
    const result = await client.invoke(
      "workspace_exec",
      { workspace_id, command: `yes | head -c ${TOTAL_BYTES}`, timeout_seconds: 600 },
      {
        onEvent: async (event) => {
          if (event.type === "progress") return;
          seenBytes += event.data.length;
          if (seenBytes < nextLookBytes) return;
          nextLookBytes += 128 * 1024 ** 2;
          peakBytes = Math.max(peakBytes, (await daemonStatus(client)).memory_bytes);
        },
      },
    );
    expect(seenBytes).toBe(TOTAL_BYTES);
    expect(result).toMatchObject({ exit_code: 0, stdout_truncated: true, stdout_bytes: TOTAL_BYTES });
    expect(result.stdout.length).toBeLessThan(2 * 1024 ** 2);
    expect(peakBytes).toBeLessThan(MAX_DAEMON_BYTES);
    const page = await client.invoke("workspace_logs", {
      workspace_id,
      sequence: 1,
      stream: "stdout",
      offset: TOTAL_BYTES - 1000,
    });
    expect(page.entries[0]).toMatchObject({ stdout: "y\n".repeat(500), stdout_bytes: TOTAL_BYTES });
    expect((await client.invoke("workspace_status", { workspace_id })).disk_bytes).toBeGreaterThan(
      TOTAL_BYTES,
    );
    await client.invoke("workspace_delete", { workspace_id });
  });
});
