// What happened in one life of a workspace: an append-only file of JSON lines.
//
// A command has two lines, at its begin and at its end: one without an end was interrupted. The lines are not flushed
// to the disk: a power cut takes the guest with it, and what the journal would tell of.

import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createInterface } from "node:readline";
import { z } from "zod";
import { isSystemError } from "../contract/errors.js";

const CommandBegin = z.object({
  kind: z.literal("begin"),
  sequence: z.number(),
  command: z.string(),
  cwd: z.string(),
  at: z.number(),
});

const CommandEnd = z.object({
  kind: z.literal("end"),
  sequence: z.number(),
  at: z.number(),
  /** Null: it ended with the guest, or with the call. */
  exitCode: z.number().nullable(),
  timedOut: z.boolean(),
  signal: z.string().nullable(),
  durationMs: z.number(),
  stdoutBytes: z.number(),
  stderrBytes: z.number(),
  /** Why it has no exit code, in words. */
  problem: z.string().optional(),
});

const Edit = z.object({
  kind: z.enum(["write", "patch", "sync"]),
  at: z.number(),
  /** What was written, in words. */
  what: z.string(),
});

const Export = z.object({ kind: z.literal("export"), at: z.number(), from: z.string(), to: z.string() });

const JournalLineSchema = z.discriminatedUnion("kind", [CommandBegin, CommandEnd, Edit, Export]);

export type JournalLine = z.infer<typeof JournalLineSchema>;
export type CommandEnd = z.infer<typeof CommandEnd>;

/** One command as the journal knows it. */
export interface CommandEntry extends Omit<z.infer<typeof CommandBegin>, "kind" | "at"> {
  /** Unix seconds. */
  readonly startedAt: number;
  /** Undefined: it runs, or was interrupted with its daemon. */
  readonly end: CommandEnd | undefined;
}

export class Journal {
  readonly #file: string;
  #handle: FileHandle | undefined;
  /** Never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  /** The file may end in the middle of a line, which the next one would become a part of. */
  #mayBeTorn = true;

  constructor(file: string) {
    this.#file = file;
  }

  /** Appends in the order of the calls. */
  async append(line: JournalLine): Promise<void> {
    const written = this.#last.then(() => this.#write(`${JSON.stringify(line)}\n`));
    this.#last = written.catch(() => undefined);
    await written;
  }

  /** Every line, in order. What a crash has cut off is left out. */
  async *read(): AsyncGenerator<JournalLine> {
    try {
      const lines = createInterface({ input: createReadStream(this.#file), crlfDelay: Infinity });
      for await (const text of lines) {
        const line = parseLine(text);
        if (line) yield line;
      }
    } catch (error) {
      if (!isSystemError(error, "ENOENT")) throw error;
    }
  }

  /** All commands, in the order of their sequence. */
  async readCommands(): Promise<CommandEntry[]> {
    const commands = new Map<number, CommandEntry>();
    for await (const line of this.read()) {
      if (line.kind === "begin") {
        const { sequence, command, cwd, at } = line;
        commands.set(sequence, { sequence, command, cwd, startedAt: at, end: undefined });
      } else if (line.kind === "end") {
        const begun = commands.get(line.sequence);
        if (begun) commands.set(line.sequence, { ...begun, end: line });
      }
    }
    return [...commands.values()].sort((left, right) => left.sequence - right.sequence);
  }

  async close(): Promise<void> {
    await this.#last;
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #write(text: string): Promise<void> {
    const handle = (this.#handle ??= await open(this.#file, "a", 0o600));
    const isTorn = this.#mayBeTorn && (await handle.stat()).size > 0;
    this.#mayBeTorn = true;
    // Unlike write(), this goes on until all of it is there.
    await handle.appendFile(isTorn ? `\n${text}` : text);
    this.#mayBeTorn = false;
  }
}

function parseLine(text: string): JournalLine | undefined {
  try {
    return JournalLineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
