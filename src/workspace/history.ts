// What is known of one life of a workspace: its journal, its commands' output, its services, and what they add up to.

import path from "node:path";
import { PyroError } from "../contract/errors.js";
import { Journal, type CommandEntry, type JournalLine } from "./journal.js";
import { OutputStore, type OutputRecording } from "./output-store.js";
import type { Redactor } from "./secrets/redactor.js";
import { ServiceRecords } from "./services/service-records.js";

export interface LastCommand {
  readonly sequence: number;
  readonly command: string;
  readonly cwd: string;
  readonly exitCode: number | null;
  readonly durationMs: number;
}

export interface CommandEnding {
  /** Null: it ended with the guest, or with the call. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  readonly signal: string | null;
  readonly durationMs: number;
  readonly problem?: string;
}

/** A command that was begun and has not ended. */
export interface RunningCommand {
  readonly sequence: number;
  readonly output: OutputRecording;
  /** Records how it ended; to be called once. */
  end(ending: CommandEnding): Promise<void>;
}

export class History {
  readonly outputs: OutputStore;
  readonly services: ServiceRecords;
  readonly #journal: Journal;
  /** For what is recorded as text; outputs come redacted. */
  readonly #redactor: Redactor;
  #lineCount = 0;
  #commandCount = 0;
  #lastCommand: LastCommand | undefined;
  #lastAt: number | undefined;

  private constructor(lifeDirectory: string, redactor: Redactor) {
    this.#redactor = redactor;
    this.#journal = new Journal(path.join(lifeDirectory, "journal.jsonl"));
    this.outputs = new OutputStore(lifeDirectory);
    this.services = new ServiceRecords(lifeDirectory);
  }

  /** Of a life that begins. */
  static begin(lifeDirectory: string, redactor: Redactor): History {
    return new History(lifeDirectory, redactor);
  }

  /** Of a life that a former daemon has written. */
  static async open(lifeDirectory: string, redactor: Redactor): Promise<History> {
    const history = new History(lifeDirectory, redactor);
    const commands = new Map<number, { command: string; cwd: string }>();
    for await (const line of history.#journal.read()) {
      history.#lineCount += 1;
      history.#lastAt = line.at;
      if (line.kind === "begin") {
        commands.set(line.sequence, line);
        history.#commandCount = Math.max(history.#commandCount, line.sequence);
      } else if (line.kind === "end") {
        const begun = commands.get(line.sequence);
        if (begun) history.#lastCommand = { ...line, command: begun.command, cwd: begun.cwd };
      }
    }
    await history.services.load();
    return history;
  }

  /** Lines of the journal: a point in this life. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** Commands that were begun. */
  get commandCount(): number {
    return this.#commandCount;
  }

  get lastCommand(): LastCommand | undefined {
    return this.#lastCommand;
  }

  /** Unix seconds. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /** Sequences follow the order of these calls. */
  async beginCommand(asked: string, askedCwd: string): Promise<RunningCommand> {
    const command = this.#redactor.text(asked);
    const cwd = this.#redactor.text(askedCwd);
    this.#commandCount += 1;
    const sequence = this.#commandCount;
    await this.#append({ kind: "begin", sequence, command, cwd, at: now() });
    const output = this.outputs.record(sequence);
    const end = async (ending: CommandEnding) => {
      await output.close();
      const { exitCode, durationMs } = ending;
      const problem = ending.problem === undefined ? {} : { problem: this.#redactor.text(ending.problem) };
      if (sequence >= (this.#lastCommand?.sequence ?? 0)) {
        this.#lastCommand = { sequence, command, cwd, exitCode, durationMs };
      }
      const stdoutBytes = output.totalBytes("stdout");
      const stderrBytes = output.totalBytes("stderr");
      await this.#append({
        kind: "end",
        sequence,
        at: now(),
        ...ending,
        ...problem,
        stdoutBytes,
        stderrBytes,
      });
    };
    return { sequence, output, end };
  }

  /** `what` in words. */
  async noteEdit(kind: "write" | "patch" | "sync", what: string): Promise<void> {
    await this.#append({ kind, at: now(), what: this.#redactor.text(what) });
  }

  async noteExport(from: string, to: string): Promise<void> {
    const [shownFrom, shownTo] = [this.#redactor.text(from), this.#redactor.text(to)];
    await this.#append({ kind: "export", at: now(), from: shownFrom, to: shownTo });
  }

  /** Every line, in order. */
  async readLines(): Promise<JournalLine[]> {
    const lines: JournalLine[] = [];
    for await (const line of this.#journal.read()) lines.push(line);
    return lines;
  }

  async readCommands(): Promise<readonly CommandEntry[]> {
    return this.#journal.readCommands();
  }

  async getCommand(sequence: number): Promise<CommandEntry> {
    const commands = await this.readCommands();
    const found = commands.find((command) => command.sequence === sequence);
    if (found) return found;
    throw new PyroError("path_not_found", `there is no command ${sequence} since the last reset`, {
      hint: "See the commands with `pyro workspace logs ID`.",
    });
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  async #append(line: JournalLine): Promise<void> {
    this.#lineCount += 1;
    this.#lastAt = line.at;
    await this.#journal.append(line);
  }
}

/** Unix seconds. */
function now(): number {
  return Date.now() / 1000;
}
