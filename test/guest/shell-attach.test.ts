// `pyro workspace shell attach` on a real terminal, that of script(1); and secrets, which no shell shows.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { TestShell } from "../helpers/shell.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace } from "../helpers/workspace.js";

/** A command of the CLI on a terminal of 100 columns and 20 rows. */
class OnTerminal {
  shown = "";
  readonly #child;
  readonly closed: Promise<unknown>;

  constructor(pyro: TestPyro, args: readonly string[]) {
    const command = pyro.argv(args).join(" ");
    const script = `stty rows 20 cols 100; exec ${command}`;
    this.#child = spawn("script", ["-qfec", script, "/dev/null"], { env: pyro.env });
    this.#child.stdout.on("data", (chunk: Buffer) => (this.shown += chunk.toString()));
    this.closed = once(this.#child, "close");
  }

  async until(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.shown, { timeout: 20_000 }).toMatch(text);
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  async end(): Promise<number | null> {
    await this.closed;
    return this.#child.exitCode;
  }
}

describe("a shell", () => {
  const connected = useClient();

  test("is used live, left with a key, and come back to", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client, { name: "live" });
    const first = new OnTerminal(pyro, ["workspace", "shell", "attach", "live"]);
    await first.until(/Ctrl-\] leaves[^]*# /);
    first.type("word=kept; echo $((6 * 7))-$(stty size)\r");
    await first.until(/42-20 100/);
    first.type("printf '\\033]52;c;Zm9v\\007\\033]0;ti''tle\\007sa''fe\\n'\r");
    await first.until(/safe/);
    expect(first.shown).not.toContain("\u001b]");
    first.type("\u001d");
    expect(await first.end()).toBe(0);
    expect(first.shown).toMatch(/runs on; back with/);
    const shell_id = /sh_[a-z2-7]{12}/.exec(first.shown)?.[0] ?? "";
    expect(await client.invoke("shell_read", { workspace_id, shell_id })).toMatchObject({
      state: "running",
      cols: 100,
      rows: 20,
    });
    const second = new OnTerminal(pyro, ["workspace", "shell", "attach", "live", shell_id]);
    await second.until(/safe/);
    second.type("echo $word-again; exit 5\r");
    await second.until(/kept-again/);
    expect(await second.end()).toBe(0);
    expect(second.shown).toMatch(/ended with status 5/);
    const piped = await pyro.run(["workspace", "shell", "attach", "live"]);
    expect(piped.status).toBe(2);
    expect(piped.stderr).toMatch(/needs a terminal/);
  });

  test("has the secrets that were asked for, and never shows them", async () => {
    const { client } = connected();
    const value = "s3cret-value-of-the-test";
    const { workspace_id } = await createWorkspace(client, { secrets: [{ name: "TOKEN", value }] });
    const shell = await TestShell.open(client, workspace_id, { secret_env: { TOKEN: "KEY" } });
    await shell.ask("echo ${#KEY}-$KEY; echo $KEY | base64", /24-\[redacted:TOKEN\]/);
    await shell.ask(
      `for c in s3cret -value -of-the -test; do printf %s $c; sleep 0.05; done; echo; echo do''ne`,
      "done",
    );
    const { output } = await shell.read({ cursor: 0 });
    expect(output).not.toContain(value);
    expect(output).not.toContain(Buffer.from(value).toString("base64").slice(2, 20));
    await expect(
      client.invoke("shell_open", { workspace_id, secret_env: { NONE: "KEY" } }),
    ).rejects.toMatchObject({ code: "invalid_input" });
  });
});
