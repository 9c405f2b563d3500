// The handle of a shell: its calls, its output as it comes, its disposal.

import { describe, expect, test } from "vitest";
import { failureOf } from "../../helpers/failure-of.js";
import { useSdk } from "./use-sdk.js";

describe("a shell's handle", () => {
  const sdk = useSdk();

  test("types, reads, follows and is closed at the end of its block", async () => {
    await using workspace = await sdk().pyro.createWorkspace({ environment: "debian:12-base" });
    let id: string;
    {
      await using shell = await workspace.openShell({ cols: 90, rows: 10 });
      ({ id } = shell);
      expect(await shell.write("echo o''ne")).toMatchObject({ inputLength: 10, appendNewline: true });
      let followed = "";
      for await (const text of shell) {
        followed += text;
        if (followed.includes("one")) break;
      }
      const { output, nextCursor, screen } = await shell.read({ plain: true, waitForIdleMs: 200 });
      expect(output).toMatch(/one\n.*# $/);
      expect(screen).toMatchObject({ fullScreen: false });
      await shell.resize({ cols: 70, rows: 11 });
      await shell.write("sleep 900");
      await shell.read({ waitForIdleMs: 300 });
      expect(await shell.signal()).toMatchObject({ signal: "INT", cols: 70 });
      await shell.write("stty size; exit 4");
      let rest = "";
      for await (const text of shell.output({ cursor: nextCursor })) rest += text;
      expect(rest).toContain("11 70");
      const again = await workspace.shell(id);
      expect(again.record).toMatchObject({ state: "stopped", exitCode: 4 });
    }
    const missing = sdk().pyro.readShell({ workspaceId: workspace.id, shellId: id });
    expect((await failureOf(missing)).code).toBe("shell_not_found");
  });
});
