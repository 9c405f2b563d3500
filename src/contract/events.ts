// What an operation tells while it runs. Inside a process bytes are bytes; between processes they are base64.

/** A piece of the guest's output, as the guest wrote it. */
export interface OutputEvent {
  readonly type: "stdout" | "stderr";
  readonly data: Uint8Array;
}

/** One status line, `[tag] key=value …`. */
export interface ProgressEvent {
  readonly type: "progress";
  readonly tag: string;
  readonly fields: Readonly<Record<string, string | number>>;
  /** Present while the phase moves on; such an event updates a bar on a terminal and is no line of its own. */
  readonly done?: { readonly current: number; readonly total: number | undefined; readonly unit: string };
}

export type OperationEvent = OutputEvent | ProgressEvent;

export type OnEvent = (event: OperationEvent) => void | Promise<void>;
