// Shells of a workspace: a terminal that stays, what it prints and what it takes.

import { describe, expect, test } from "vitest";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace } from "../helpers/workspace.js";

describe("a shell", () => {
  const connected = useClient();

  test("thin", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client, {});
    let t0 = performance.now();
    const lap = (what: string) => {
      console.log(what, Math.round(performance.now() - t0));
      t0 = performance.now();
    };
    const { shell_id } = await client.invoke("shell_open", { workspace_id });
    lap("open");
    const r = await client.invoke("shell_read", { workspace_id, shell_id, wait_for_idle_ms: 500 });
    lap("read");
    console.log(r);
    await client.invoke("shell_write", {
      workspace_id,
      shell_id,
      input: "stty -a; ps aux; tty; printf '\\e[6n'; read -s -d R x; echo ${#x}; cat /proc/self/cgroup",
    });
    lap("write");
    const r2 = await client.invoke("shell_read", {
      workspace_id,
      shell_id,
      plain: true,
      wait_for_idle_ms: 500,
      cursor: r.next_cursor,
    });
    lap("read");
    console.log(r2.output, r2);
    await client.invoke("shell_write", { workspace_id, shell_id, input: "sleep 100 & sleep 1000" });
    await client.invoke("shell_read", { workspace_id, shell_id, plain: true, wait_for_idle_ms: 300 });
    await client.invoke("shell_signal", { workspace_id, shell_id, signal_name: "KILL" });
    const r3 = await client.invoke("shell_read", {
      workspace_id,
      shell_id,
      plain: true,
      wait_for_idle_ms: 300,
      cursor: r2.next_cursor,
    });
    console.log(r3.output);
    lap("kill");
    await client.invoke("shell_write", {
      workspace_id,
      shell_id,
      input: "jobs; cat /proc/[0-9]*/status | grep -E '^(Name|VmRSS)' | paste - -",
    });
    console.log(
      (
        await client.invoke("shell_read", {
          workspace_id,
          shell_id,
          plain: true,
          wait_for_idle_ms: 300,
          cursor: r3.next_cursor,
        })
      ).output,
    );
    t0 = performance.now();
    console.log(await client.invoke("shell_close", { workspace_id, shell_id }));
    lap("close");
    expect(1).toBe(1);
  });
});
