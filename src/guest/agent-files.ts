// The files of a guest over its agent's connection.

import type { Client } from "@connectrpc/connect";
import type {
  ApplyResult,
  Fetched,
  FetchOptions,
  FileChange,
  GuestEntry,
  GuestFiles,
  WalkOptions,
  WalkResult,
} from "./files.js";
import { FetchCheck } from "./fetch-check.js";
import { ChangeSource } from "./change-source.js";
import { applyMessages } from "./file-changes.js";
import { parseEntry } from "./file-entry.js";
import { encodePath, wrongAnswer } from "./file-path.js";
import type { FilesService } from "./gen/agent/v1/agent_pb.js";
import { translateRpcError } from "./rpc-error.js";
import { SilenceLimit } from "./silence-limit.js";
import { MAX_ENTRIES, WalkCheck } from "./walk-check.js";

/** A guest that is busy with its files says something more often than this. */
const SILENCE_MS = 30_000;
/** One answer about so many paths fits into a message, however long they and their links are. */
const STAT_PATHS = 500;
/** So many paths fit into a request. */
const FETCH_PATHS = 1000;
const READ_MAX_BYTES = 1024 * 1024;

export class AgentFiles implements GuestFiles {
  readonly #client: Client<typeof FilesService>;
  readonly #root: string;

  /** `root`: absolute path in the guest. */
  constructor(client: Client<typeof FilesService>, root: string) {
    this.#client = client;
    this.#root = root;
  }

  async walk(options: WalkOptions, signal?: AbortSignal): Promise<WalkResult> {
    const {
      path = "",
      recursive,
      maxEntries = MAX_ENTRIES,
      skipGit = false,
      honorGitignore = false,
    } = options;
    const request = {
      root: this.#root,
      path: encodePath(path),
      recursive,
      maxEntries: Math.min(maxEntries, MAX_ENTRIES),
      skipGit,
      honorGitignore,
    };
    const limit = new SilenceLimit(SILENCE_MS, signal);
    const check = new WalkCheck(options);
    try {
      limit.wait();
      for await (const message of this.#client.walk(request, { signal: limit.signal })) {
        limit.wait();
        check.add(message);
        if (check.isFull) break;
      }
      return check.finish();
    } catch (error) {
      throw translateRpcError(error, limit.signal);
    } finally {
      limit.stop();
    }
  }

  async stat(paths: readonly string[], signal?: AbortSignal): Promise<readonly (GuestEntry | undefined)[]> {
    const entries: (GuestEntry | undefined)[] = [];
    for (let start = 0; start < paths.length; start += STAT_PATHS) {
      entries.push(...(await this.#statSome(paths.slice(start, start + STAT_PATHS), signal)));
    }
    return entries;
  }

  async read(
    path: string,
    range: { readonly offset: number; readonly maxBytes: number },
    signal?: AbortSignal,
  ): Promise<{ readonly entry: GuestEntry; readonly content: Uint8Array }> {
    const maxBytes = Math.min(range.maxBytes, READ_MAX_BYTES);
    const request = { root: this.#root, path: encodePath(path), offset: BigInt(range.offset), maxBytes };
    const { entry: message, content } = await this.#call(
      (options) => this.#client.read(request, options),
      signal,
    );
    const entry = message && parseEntry(message);
    if (typeof entry !== "object" || entry.type !== "file" || entry.path !== path) {
      throw wrongAnswer("content of another file");
    }
    if (content.length > maxBytes) throw wrongAnswer("more content than was asked for");
    return { entry, content };
  }

  async *fetch(
    paths: readonly string[],
    options: FetchOptions,
    signal?: AbortSignal,
  ): AsyncGenerator<Fetched, void, undefined> {
    // What comes from below a directory could not be told from paths that were asked for by name.
    const step = options.recursive === true ? 1 : FETCH_PATHS;
    for (let start = 0; start < paths.length; start += step) {
      yield* this.#fetchSome(paths.slice(start, start + step), options, signal);
    }
  }

  async apply(
    changes: Iterable<FileChange> | AsyncIterable<FileChange>,
    signal?: AbortSignal,
  ): Promise<ApplyResult> {
    const limit = new SilenceLimit(SILENCE_MS, signal);
    const source = new ChangeSource(applyMessages(this.#root, changes), limit);
    try {
      const response = await this.#client.apply(source, { signal: limit.signal });
      const { createdCount, replacedCount, removedCount, bytesWritten } = response;
      return { createdCount, replacedCount, removedCount, bytesWritten: Number(bytesWritten) };
    } catch (error) {
      throw source.failure ?? translateRpcError(error, limit.signal);
    } finally {
      limit.stop();
      source.leave();
    }
  }

  async #statSome(paths: readonly string[], signal?: AbortSignal): Promise<(GuestEntry | undefined)[]> {
    const request = { root: this.#root, paths: paths.map(encodePath) };
    const { entries } = await this.#call((options) => this.#client.stat(request, options), signal);
    if (entries.length !== paths.length) throw wrongAnswer("another number of entries than of paths");
    return entries.map((message, index) => {
      const entry = parseEntry(message);
      const isMissing = typeof entry === "string";
      if ((isMissing ? entry : entry.path) !== paths[index])
        throw wrongAnswer("an entry that was not asked for");
      return isMissing ? undefined : entry;
    });
  }

  async *#fetchSome(paths: readonly string[], options: FetchOptions, signal?: AbortSignal) {
    const { recursive = false, maxFileBytes = 0, digest = false } = options;
    const request = {
      root: this.#root,
      paths: paths.map(encodePath),
      recursive,
      maxFileBytes: BigInt(maxFileBytes),
      digest,
    };
    const limit = new SilenceLimit(SILENCE_MS, signal);
    const check = new FetchCheck(paths, options);
    try {
      limit.wait();
      for await (const { items } of this.#client.fetch(request, { signal: limit.signal })) {
        limit.pause();
        for (const item of items) {
          const fetched = check.take(item);
          if (fetched) yield fetched;
        }
        limit.wait();
      }
      check.finish();
    } catch (error) {
      throw translateRpcError(error, limit.signal);
    } finally {
      limit.stop();
    }
  }

  async #call<Result>(
    call: (options: { timeoutMs: number; signal?: AbortSignal }) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    try {
      return await call({ timeoutMs: SILENCE_MS, ...(signal && { signal }) });
    } catch (error) {
      throw translateRpcError(error, signal);
    }
  }
}
