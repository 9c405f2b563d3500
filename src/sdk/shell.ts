// The handle of one shell.

import { PyroError } from "../contract/errors.js";
import type { CallOptions } from "./call-options.js";
import type { ReadShellOptions, ResizeShellOptions, SignalShellOptions } from "./gen/shell-options.js";
import type {
  ClosedShell,
  ShellInput,
  ShellOutput,
  ShellRecord,
  SignalledShell,
} from "./gen/shell-results.js";
import type { ShellOperations } from "./shell-calls.js";

/**
 * A shell that {@link Workspace.openShell} opened. With `await using` it is closed at the end of the block; without,
 * it stays until it exits, is closed, or its workspace is reset or stopped.
 *
 * The shell lives in the workspace's guest, not in this object: other processes reach it by its {@link Shell.id}.
 *
 * @example
 * ```ts
 * await using shell = await workspace.openShell({ cols: 100 });
 * await shell.write("make menuconfig");
 * const { output } = await shell.read({ plain: true, waitForIdleMs: 500 });
 * await shell.write("\u001b[B", { appendNewline: false });
 * for await (const text of shell) process.stdout.write(text);
 * ```
 */
export class Shell implements AsyncDisposable, AsyncIterable<string> {
  readonly #pyro: ShellOperations;
  #record: ShellRecord;

  /** @internal Made by {@link Workspace.openShell}. */
  constructor(pyro: ShellOperations, record: ShellRecord) {
    this.#pyro = pyro;
    this.#record = record;
  }

  /** Id of the shell, `sh_…`. */
  get id(): string {
    return this.#record.shellId;
  }

  /** The shell as this handle saw it last. */
  get record(): Readonly<ShellRecord> {
    return this.#record;
  }

  /** {@link Pyro.readShell} of this shell. */
  async read(options: Omit<ReadShellOptions, "workspaceId" | "shellId"> = {}): Promise<ShellOutput> {
    return this.#seen(await this.#pyro.readShell({ ...options, ...this.#ids() }));
  }

  /** {@link Pyro.writeShell} into this shell. */
  async write(
    input: string,
    options: CallOptions & { appendNewline?: boolean | undefined } = {},
  ): Promise<ShellInput> {
    return this.#seen(await this.#pyro.writeShell({ ...options, input, ...this.#ids() }));
  }

  /** {@link Pyro.signalShell} in this shell. */
  async signal(
    signalName: SignalShellOptions["signalName"] = "INT",
    options: CallOptions = {},
  ): Promise<SignalledShell> {
    return this.#seen(await this.#pyro.signalShell({ ...options, signalName, ...this.#ids() }));
  }

  /** {@link Pyro.resizeShell} of this shell. */
  async resize(options: Omit<ResizeShellOptions, "workspaceId" | "shellId">): Promise<ShellRecord> {
    return this.#seen(await this.#pyro.resizeShell({ ...options, ...this.#ids() }));
  }

  /** {@link Pyro.closeShell} of this shell. */
  async close(options: CallOptions = {}): Promise<ClosedShell> {
    return this.#seen(await this.#pyro.closeShell({ ...options, ...this.#ids() }));
  }

  /** {@link Pyro.followShell} of this shell. */
  output(options: CallOptions & { cursor?: number | undefined } = {}): AsyncIterable<string> {
    return this.#pyro.followShell({ ...options, ...this.#ids() });
  }

  /** Its whole output as it comes, until it ends. */
  [Symbol.asyncIterator](): AsyncIterator<string> {
    return this.output()[Symbol.asyncIterator]();
  }

  /** Closes the shell; one that is gone already is a success. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.close();
    } catch (error) {
      const codes = ["shell_not_found", "workspace_not_found"];
      if (!(error instanceof PyroError && codes.includes(error.code))) throw error;
    }
  }

  #ids(): { workspaceId: string; shellId: string } {
    const { workspaceId, shellId } = this.#record;
    return { workspaceId, shellId };
  }

  #seen<Record extends ShellRecord>(record: Record): Record {
    this.#record = record;
    return record;
  }
}
