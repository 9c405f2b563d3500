// The SDK's calls about shells of workspaces.

import { call } from "./call.js";
import { ServiceCalls } from "./service-calls.js";
import type {
  OpenShellOptions,
  ReadShellOptions,
  ResizeShellOptions,
  ShellIdOptions,
  SignalShellOptions,
  WriteShellOptions,
} from "./gen/shell-options.js";
import type {
  ClosedShell,
  ShellInput,
  ShellOutput,
  ShellRecord,
  SignalledShell,
} from "./gen/shell-results.js";
import { Shell } from "./shell.js";
import { TextQueue } from "./text-queue.js";

/** What of {@link Pyro} is about shells. */
export abstract class ShellCalls extends ServiceCalls {
  /**
   * Opens an interactive shell on a terminal of its own in a workspace. It lives until it exits, is closed, or the
   * workspace is reset or stopped; up to 64 at once.
   *
   * @throws {@link PyroError} `shell_limit_reached`; `invalid_input` when `cwd` is no directory.
   *
   * @example
   * ```ts
   * await using shell = await workspace.openShell();
   * await shell.write("python3");
   * await shell.write("6 * 7");
   * const { output } = await shell.read({ plain: true, waitForIdleMs: 500 });
   * ```
   */
  async openShell(options: OpenShellOptions): Promise<Shell> {
    return new Shell(this, await call(this.client, "shell_open", options));
  }

  /**
   * Opens a handle of a shell that is there. With `await using` it would be closed at the end of the block: take
   * `const` for one that is to stay.
   *
   * @throws {@link PyroError} `shell_not_found`.
   */
  async shell(options: ShellIdOptions): Promise<Shell> {
    return new Shell(this, await this.readShell({ ...options, maxChars: 1 }));
  }

  /**
   * Reads what a shell has printed after `cursor`; the next read takes `nextCursor`. With `plain` it is drawn as on a
   * screen, without escape sequences. With `waitForIdleMs` it waits until nothing has been printed for so long,
   * counted from the call at the earliest, until the shell has ended, or 30 seconds.
   *
   * @throws {@link PyroError} `shell_not_found`.
   */
  async readShell(options: ReadShellOptions): Promise<ShellOutput> {
    return call(this.client, "shell_read", options);
  }

  /**
   * Types into a shell, and presses Enter unless `appendNewline` is false. What comes of it, a read tells.
   *
   * @throws {@link PyroError} `shell_not_found`; `conflict` when the shell has ended or nothing reads its input.
   */
  async writeShell(options: WriteShellOptions): Promise<ShellInput> {
    return call(this.client, "shell_write", options);
  }

  /**
   * Signals what runs in the foreground of a shell, by default with `INT` as Ctrl-C does.
   *
   * @throws {@link PyroError} `shell_not_found`; `conflict` when the shell has ended.
   */
  async signalShell(options: SignalShellOptions): Promise<SignalledShell> {
    return call(this.client, "shell_signal", options);
  }

  /**
   * Gives a shell's terminal another size; programs that draw on the screen are told.
   *
   * @throws {@link PyroError} `shell_not_found`; `conflict` when the shell has ended.
   */
  async resizeShell(options: ResizeShellOptions): Promise<ShellRecord> {
    return call(this.client, "terminal_resize", options);
  }

  /**
   * Ends a shell with everything that was started in it, and forgets its output.
   *
   * @throws {@link PyroError} `shell_not_found`, also when it was closed before: `await using` forgives that.
   */
  async closeShell(options: ShellIdOptions): Promise<ClosedShell> {
    return call(this.client, "shell_close", options);
  }

  /**
   * A shell's output as it comes, as it was printed, from `cursor` on (0: from its beginning), until the shell ends.
   * The loop may be left at any time. While it is slow, the latest million characters wait; older ones are lost.
   *
   * @throws {@link PyroError} `shell_not_found`; `guest_died`.
   *
   * @example
   * ```ts
   * for await (const text of pyro.followShell({ workspaceId, shellId })) process.stdout.write(text);
   * ```
   */
  async *followShell(
    options: ShellIdOptions & { cursor?: number | undefined },
  ): AsyncGenerator<string, void, undefined> {
    const { cursor = 0, signal, ...ids } = options;
    const queue = new TextQueue(signal);
    const onStdout = (chunk: Uint8Array) => queue.push(chunk);
    const attachment = { ...ids, cursor, interactive: false, signal: queue.signal, onStdout };
    const attached = call(this.client, "terminal_attach", attachment);
    yield* queue.drain(attached);
  }
}

/** What a handle of a shell needs of {@link Pyro}. */
export type ShellOperations = Pick<
  ShellCalls,
  "readShell" | "writeShell" | "signalShell" | "resizeShell" | "closeShell" | "followShell"
>;
