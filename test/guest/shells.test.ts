// Shells of a workspace: a terminal that stays, what it prints and what it takes.

import { describe, expect, test } from "vitest";
import { countCharacters } from "../../src/contract/characters.js";
import { neutralise } from "../../src/contract/untrusted-text.js";
import { killDaemon } from "../helpers/daemon.js";
import { TestShell } from "../helpers/shell.js";
import { useClient } from "../helpers/use-client.js";
import { COUNT_SLEEPS, createWorkspace, sh } from "../helpers/workspace.js";

const PROMPT = /:\S*# $/;

describe("a shell", () => {
  const connected = useClient();

  test("keeps its directory and variables; reads go on where the last one ended", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client, { name: "keeps" });
    const shell = await TestShell.open(client, workspace_id, { cwd: "/tmp", cols: 100, rows: 20 });
    expect(shell.shell_id).toMatch(/^sh_[a-z2-7]{12}$/);
    await shell.type("x=40; cd /etc; stty size");
    expect((await shell.until("20 100")).output).not.toContain("missing");
    const { output } = await shell.read({ cursor: 0 });
    const asked = await shell.ask('echo "<$((x + 2))>"; pwd', "/etc\n");
    expect(asked).toContain("<42>\n/etc\n");
    expect(asked).not.toContain("stty size");
    const whole = await shell.read({ cursor: 0 });
    expect(whole.output.startsWith(output)).toBe(true);
    expect(whole).toMatchObject({ cursor: 0, truncated: false, missing_chars: 0, screen: null });
    expect(countCharacters(whole.output)).toBe(whole.next_cursor);
    const piece = await shell.read({ cursor: 5, max_chars: 7 });
    expect(piece).toMatchObject({ cursor: 5, next_cursor: 12, truncated: true });
    expect(piece.output).toBe(whole.output.slice(5, 12));
    await expect(shell.read({ cursor: 1_000_000 })).rejects.toMatchObject({ code: "invalid_input" });
    await shell.type("exit 3");
    const ended = await shell.read({ wait_for_idle_ms: 10_000 });
    expect(ended).toMatchObject({ state: "stopped", exit_code: 3 });
    expect(ended.ended_at).toBeGreaterThan(ended.started_at);
    await expect(shell.type("x")).rejects.toMatchObject({ code: "conflict" });
    await shell.close();
    await expect(shell.read()).rejects.toMatchObject({ code: "shell_not_found", message: /none is open/ });
  });

  test("signals reach what is in the foreground; a close ends everything", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client, { name: "signals" });
    const shell = await TestShell.open(client, workspace_id);
    await shell.ask("sleep 700 & (setsid sleep 701 &) ; echo go''ing", "going");
    const statuses = { INT: 130, TERM: 143, HUP: 129, KILL: 137 } as const;
    for (const signal_name of ["INT", "TERM", "HUP", "KILL"] as const) {
      await shell.ask(`sh -c 'echo begun; sleep 900'`, "begun\n");
      await client.invoke("shell_signal", { ...shell.ids(), signal_name });
      await shell.ask(`echo status-$?`, `status-${statuses[signal_name]}`);
    }
    await shell.ask("jobs", /Running\s+sleep 700/);
    const other = await TestShell.open(client, workspace_id);
    const missing = client.invoke("shell_read", { workspace_id, shell_id: `${other.shell_id}x` });
    await expect(missing).rejects.toMatchObject({
      code: "shell_not_found",
      details: { shells: [shell.shell_id, other.shell_id] },
    });
    await shell.close();
    expect(await sh(client, workspace_id, COUNT_SLEEPS)).toBe("0\n");
    // One that is killed is readable, with what it has printed.
    await other.type("echo last; kill -9 $$");
    const killed = await other.read({ wait_for_idle_ms: 10_000 });
    expect(killed).toMatchObject({ state: "stopped", exit_code: 137 });
    expect(killed.output).toContain("last");
  });

  test("is drawn as its user sees it: programs with a screen, a REPL, a password, what asks the terminal", async () => {
    const { client } = connected();
    const { workspace_id } = await createWorkspace(client, { environment: "debian:12", name: "drawn" });
    const shell = await TestShell.open(client, workspace_id, { cols: 80, rows: 24 });
    await shell.ask("python3 -q", ">>> ");
    expect(await shell.ask("def double(x):\n  return 2 * x\n\ndouble(21)", "42\n>>> ")).toContain("... ");
    await shell.ask("exit()", PROMPT);
    const asked = await shell.ask("read -s -p 'Password: ' word; echo \"<$word>\"", /Password: $/);
    expect(asked).not.toContain("secret");
    expect(await shell.ask("secret", "<secret>")).not.toMatch(/secret[^>]/);

    await shell.ask("seq 100 > numbers; seq 100 | tr '\\n' ' '", /99 100/);
    await shell.type("less numbers");
    const pager = await shell.until(/^1\n2\n/);
    expect(pager).toMatchObject({ screen: { full_screen: true, row: 24 } });
    expect(pager.output.split("\n")).toHaveLength(24);
    await shell.type("G", false);
    expect((await shell.until(/\n100\n/)).output).toMatch(/^78\n/);
    await client.invoke("terminal_resize", { ...shell.ids(), cols: 80, rows: 10 });
    await shell.until(/^78(\n\d+){8}\n:$/);
    await shell.type("q", false);
    const after = await shell.until(PROMPT);
    expect(after.screen).toMatchObject({ full_screen: false });
    expect(after.output).not.toMatch(/^100$/m);

    await client.invoke("terminal_resize", { ...shell.ids(), cols: 80, rows: 24 });
    await shell.type("top -d 1");
    expect((await shell.until(/PID USER/)).output).toMatch(/Tasks: +\d+ total/);
    await shell.type("q", false);
    await shell.until(PROMPT);

    // Who the terminal is, how it is, where the cursor is: answered, though nobody read meanwhile.
    const query =
      "printf '\\033[c\\033[5n\\033[3;7H\\033[6n'; IFS= read -rs -t 5 -d R all; printf '%q' \"$all\"";
    expect(await shell.ask(query, /\[3;7/)).toContain("[?1;2c");
    // What would reprogram a terminal is nothing that is drawn.
    const reprogram = "clear; printf '\\033]0;title\\007\\033]52;c;Zm9v\\007\\033P$qm\\033\\\\left\\n'";
    const drawn = await shell.ask(reprogram, /left\n/);
    expect(drawn).not.toMatch(/title|Zm9v/);
    expect(neutralise(drawn)).toBe(drawn);
    // A character that comes in two pieces is one.
    expect(
      await shell.ask("clear; printf '\\342\\230'; sleep 0.2; printf '\\203<\\377>\\n'", "☃<\ufffd>"),
    ).toBeTruthy();
  });

  test("outlives clients and daemons; a stop, a reset and a recovery end it, which is said", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client, { name: "lives", ttl_seconds: 60 });
    const shell = await TestShell.open(client, workspace_id);
    await shell.ask("word=kept; for i in $(seq 30); do echo line-$i; done", "line-30\n");
    await killDaemon(client);
    expect(await shell.ask("echo $word", "kept\n")).toContain("line-30");
    // Asked while no daemon was there to answer, and answered by the next one, once.
    await shell.type("sleep 1; printf '\\033[6n'; IFS= read -rs -t 20 -d R all; echo answer-${#all}");
    await killDaemon(client);
    await shell.until(/answer-[1-9]/);
    expect((await shell.read({ cursor: 0 })).output).not.toMatch(/\^\[\[\d+;\d+R/);

    const reader = pyro.start([
      "workspace",
      "shell",
      "read",
      "lives",
      shell.shell_id,
      "--wait-for-idle-ms",
      "9000",
    ]);
    reader.kill("SIGKILL");
    await shell.ask("echo still", "still\n");

    for (const end of ["workspace_reset", "workspace_stop"] as const) {
      const other = await TestShell.open(client, workspace_id);
      await client.invoke(end, { workspace_id });
      const reason = end === "workspace_stop" ? /was stopped/ : /a reset, a stop or a recovery/;
      await expect(other.read()).rejects.toMatchObject({ code: "shell_not_found", message: reason });
    }
    await client.invoke("workspace_start", { workspace_id });
    await expect(shell.read()).rejects.toMatchObject({ code: "shell_not_found" });
    const again = await TestShell.open(client, workspace_id);
    await again.ask("echo new", "new\n");
  });
});
