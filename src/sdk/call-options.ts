// What every call takes besides its operation's own fields.

/** Bytes for a command's stdin. A string is sent as UTF-8. A Node.js `Readable` without an encoding is an `AsyncIterable`. */
export type Stdin = string | Uint8Array | AsyncIterable<Uint8Array>;

/** A step of an operation, told while it runs. */
export interface Progress {
  /** The work that goes on: `run`, `pull`, `prepare`, `seed`, `push`, `export` or `service`. */
  readonly tag: string;
  /** The step that begins, such as `create`, `start`, `execute`, `install` or `ready`. */
  readonly phase: string;
  /** Facts about the step, such as `vmId` or `environment`. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** Present when a step that has begun moves on: how far it is, in `unit`. `total` is undefined while nobody knows it. */
  readonly done?: {
    readonly current: number;
    readonly total: number | undefined;
    readonly unit: string;
  };
}

/** Options of every call. */
export interface CallOptions {
  /**
   * Cancels the call, in the guest too. The call rejects at once with a {@link PyroError} of code `cancelled`
   * whose `cause` is the signal's reason; a guest that was to run a command is removed right after.
   */
  signal?: AbortSignal | undefined;
}

/** Options of calls that go through several steps. */
export interface ProgressOptions extends CallOptions {
  /**
   * Called for every step. The call waits for the promise that it returns. When it throws, the call is cancelled:
   * a {@link PyroError} of code `cancelled` whose `cause` is what was thrown.
   */
  onProgress?: ((progress: Progress) => void | Promise<void>) | undefined;
}

/** Options of calls that pass output on while it comes. */
export interface OutputOptions extends CallOptions {
  /** Called with each piece of stdout; the call waits for the promise that it returns. */
  onStdout?: ((chunk: Uint8Array) => void | Promise<void>) | undefined;
  /** The same for stderr. */
  onStderr?: ((chunk: Uint8Array) => void | Promise<void>) | undefined;
}

/** Options of calls that run a command. */
export interface CommandOptions extends CallOptions {
  /**
   * The command's stdin; without it the command reads end of file. What the command does not read is dropped. When
   * the source throws, the call is cancelled: a {@link PyroError} of code `cancelled` whose `cause` is what was
   * thrown.
   */
  stdin?: Stdin | undefined;
  /**
   * Called with the command's stdout while it runs: all of it, as bytes, also beyond the 1 MiB that the result
   * keeps. A chunk can end inside a character: decode with a `TextDecoder` and `{ stream: true }`.
   *
   * While the promise that it returns is pending, nothing more is read and a command that goes on writing waits.
   * When it throws, the call is cancelled: a {@link PyroError} of code `cancelled` whose `cause` is what was thrown.
   */
  onStdout?: ((chunk: Uint8Array) => void | Promise<void>) | undefined;
  /** The same for stderr. */
  onStderr?: ((chunk: Uint8Array) => void | Promise<void>) | undefined;
}
