// What runsc does about layers for one running sandbox: says when its own has been loaded, and captures what it has.

import { PyroError } from "../../contract/errors.js";
import type { LayerId } from "../../contract/ids.js";
import { waitForExit } from "../../platform/process-identity.js";
import type { RunResult } from "../../platform/processes.js";
import { unlessAborted } from "../../platform/unless-aborted.js";
import type { CaptureInfo } from "../engine.js";
import { callFlags, type GvisorHost } from "./host.js";
import type { SandboxRecord } from "./record.js";
import { callRunsc, lastLine, type RunscCall } from "./runsc.js";

/** Loading and capturing are as fast as the disk; the largest guest holds 8 GiB. */
const TIMEOUT_MS = 600_000;
/** A sandbox that dies closes its connections a moment before it is gone. */
const DEATH_MS = 500;
/** ENOSPC and EDQUOT as Go words them. */
const DISK_FULL = /no space left on device|disk quota exceeded/;

export class SandboxLayers {
  readonly loaded: Promise<void>;
  readonly #sandbox: SandboxRecord;
  readonly #flags: readonly string[];
  readonly #stopped = new AbortController();
  /** The last capture that was asked for: the next one waits for it. */
  #captures: Promise<unknown> = Promise.resolve();

  /** Begins to wait for the sandbox's own layer, where it has one. */
  constructor(host: GvisorHost, sandbox: SandboxRecord) {
    this.#sandbox = sandbox;
    this.#flags = callFlags(host, sandbox.id);
    this.loaded = sandbox.layerId === undefined ? Promise.resolve() : this.#awaitLoaded(sandbox.layerId);
    // Whoever needs it awaits it; a guest that nobody asks about must not end the process.
    this.loaded.catch(() => undefined);
  }

  /** As Machine.capture has it. Two at once follow one another. */
  capture(directory: string, signal?: AbortSignal): Promise<CaptureInfo> {
    const capture = this.#captures.then(() => this.#capture(directory, signal));
    this.#captures = capture.catch(() => undefined);
    return capture;
  }

  /** As Machine.exportChanges has it. */
  async exportChanges(file: string, signal?: AbortSignal): Promise<void> {
    await unlessAborted(this.loaded, signal);
    await this.#write(["tar", "rootfs-upper", `--file=${file}`], "exported", signal);
  }

  /** Ends what is under way, because the sandbox is no longer ours. */
  async stop(): Promise<void> {
    this.#stopped.abort(new PyroError("guest_died", "the guest was let go"));
    await Promise.allSettled([this.loaded, this.#captures]);
  }

  async #awaitLoaded(layerId: LayerId): Promise<void> {
    const result = await this.#call(["wait", "--fsrestore"]);
    if (result.exitCode === 0) return;
    await this.#throwIfDead();
    const reason = reasonOf(result);
    // A runsc that did not end by itself has found out nothing about the layer.
    const code = result.exitCode === null ? "internal" : "layer_damaged";
    throw new PyroError(code, `layer ${layerId} could not be loaded: ${reason}`, {
      details: { layer_id: layerId, reason },
    });
  }

  async #capture(directory: string, signal: AbortSignal | undefined): Promise<CaptureInfo> {
    // What could not be loaded cannot be captured; the Sentry itself would wait for it with the guest at a stand.
    await unlessAborted(this.loaded, signal);
    const args = ["fscheckpoint", "--leave-running", `--image-path=${directory}`];
    await this.#write(args, "captured", signal);
    return { engineBuild: this.#sandbox.engineBuild };
  }

  async #write(args: readonly string[], done: string, signal: AbortSignal | undefined): Promise<void> {
    const result = await this.#call(args, signal);
    if (result.exitCode === 0) return;
    await this.#throwIfDead();
    const reason = reasonOf(result);
    const code = DISK_FULL.test(reason) ? "out_of_disk" : "internal";
    throw new PyroError(code, `the guest's file system could not be ${done}: ${reason}`);
  }

  #call(args: readonly string[], signal?: AbortSignal): Promise<RunResult> {
    // The build that started it: another one may not understand its Sentry.
    const { runscPath, id } = this.#sandbox;
    const call: RunscCall = { runscPath, flags: this.#flags, args: [...args, id], timeoutMs: TIMEOUT_MS };
    const { signal: stopped } = this.#stopped;
    return callRunsc(call, signal ? AbortSignal.any([signal, stopped]) : stopped);
  }

  async #throwIfDead(): Promise<void> {
    if (await waitForExit(this.#sandbox, DEATH_MS)) throw new PyroError("guest_died", "the guest ended");
  }
}

function reasonOf({ timedOut, signal, stderr }: RunResult): string {
  if (timedOut) return `runsc did not end within ${TIMEOUT_MS / 1000} s`;
  return signal === null ? lastLine(stderr) : `runsc was ended by ${signal}`;
}
