// A shell of a test: what it prints is read on until something is there.

import { expect } from "vitest";
import type { Client } from "../../src/client/client.js";
import type { InputOf, ResultOf } from "../../src/operations/registry.js";

const READS_MAX = 100;

export class TestShell {
  readonly client: Client;
  readonly workspace_id: string;
  readonly shell_id: string;
  /** Where the next read begins. */
  cursor = 0;

  private constructor(client: Client, workspace_id: string, shell_id: string) {
    this.client = client;
    this.workspace_id = workspace_id;
    this.shell_id = shell_id;
  }

  /** Returns when its first prompt is there. */
  static async open(
    client: Client,
    workspace_id: string,
    input: Partial<InputOf<"shell_open">> = {},
  ): Promise<TestShell> {
    const { shell_id } = await client.invoke("shell_open", { ...input, workspace_id });
    const shell = new TestShell(client, workspace_id, shell_id);
    await shell.until("# ");
    return shell;
  }

  ids(): { readonly workspace_id: string; readonly shell_id: string } {
    return { workspace_id: this.workspace_id, shell_id: this.shell_id };
  }

  async type(input: string, append_newline = true): Promise<void> {
    await this.client.invoke("shell_write", { ...this.ids(), input, append_newline });
  }

  async read(input: Partial<InputOf<"shell_read">> = {}): Promise<ResultOf<"shell_read">> {
    return this.client.invoke("shell_read", { ...this.ids(), cursor: this.cursor, ...input });
  }

  /** What is drawn from the cursor on, as soon as it holds `text`; the cursor moves on. */
  async until(text: string | RegExp): Promise<ResultOf<"shell_read">> {
    let seen = "";
    for (let reads = 0; reads < READS_MAX; reads++) {
      const result = await this.read({ plain: true, wait_for_idle_ms: 100 });
      seen = result.output;
      if (typeof text === "string" ? seen.includes(text) : text.test(seen)) {
        this.cursor = result.next_cursor;
        return result;
      }
      if (result.state === "stopped") break;
    }
    expect(seen).toContain(text);
    throw new Error("unreachable");
  }

  /** Types, and returns what is drawn when `text` has come. */
  async ask(input: string, text: string | RegExp): Promise<string> {
    await this.type(input);
    return (await this.until(text)).output;
  }

  async close(): Promise<void> {
    await this.client.invoke("shell_close", this.ids());
  }
}
