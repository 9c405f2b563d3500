// The SDK's one class.

import { WorkspaceCalls } from "./workspace-calls.js";

/**
 * Isolated Linux workspaces and one-shot guests on this host.
 *
 * A `Pyro` holds nothing open and needs no closing. Its calls go to a background process, the daemon, which they
 * start when none runs and which leaves by itself when it is idle. Any number of `Pyro`s and processes with the same
 * state directory share one daemon and see the same guests.
 *
 * Every method takes one options object and may be called any number of times at once. Times (`…At`) are Unix
 * seconds, durations (`…Ms`) milliseconds, sizes (`…Bytes`) bytes.
 *
 * **Errors.** A method rejects with a {@link PyroError} and nothing else; switch on its `code`. Every method can
 * fail with `cancelled` (see {@link CallOptions.signal}), `invalid_input` (an option is unknown or out of range),
 * `daemon_unavailable` (the daemon cannot be started or was lost), `daemon_busy` (a daemon of another version, or
 * with other directories for the same state, is at work), `storage_unavailable`, `out_of_disk` and `internal`.
 * Those that start guests add `environment_not_found`, `environment_damaged`, `source_unavailable`,
 * `engine_unavailable`, `guest_start_failed`, `guest_start_timeout`, `vm_limit_reached`, `out_of_memory` and
 * `network_unavailable`, and for an image those of its registry (`image_not_found`, `registry_denied` and so on);
 * those that run commands add `guest_died` and
 * `guest_out_of_memory`. Those about a workspace add `workspace_not_found`, `workspace_damaged` and `layer_damaged`,
 * and as they start its guest when that has stopped, what starting a guest can fail with. A command that fails is no
 * error: its result says how it ended.
 *
 * @example
 * ```ts
 * import { Pyro, PyroError } from "pyro-mcp";
 *
 * const pyro = new Pyro();
 * try {
 *   const { stdout, exitCode } = await pyro.runInVm({ command: "uname -a" });
 *   console.log(exitCode, stdout);
 * } catch (error) {
 *   if (error instanceof PyroError) console.error(error.code, error.message, error.hint);
 *   else throw error;
 * }
 * ```
 */
export class Pyro extends WorkspaceCalls {}
