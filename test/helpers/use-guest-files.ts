// The frame of a test file about a guest's files: one guest, and its workspace.

import { afterAll, beforeAll } from "vitest";
import type { Fetched, FetchOptions, FileChange, GuestFiles } from "../../src/guest/files.js";
import type { GvisorEngine } from "../../src/machine/gvisor/gvisor-engine.js";
import type { Machine } from "../../src/machine/engine.js";
import { newSpec, openEngine } from "./engine-host.js";
import { execText } from "./exec-text.js";
import { TestPyro } from "./test-pyro.js";

export interface WorkspaceGuest {
  readonly machine: Machine;
  /** Below /workspace. */
  readonly files: GuestFiles;
  /** The output of a script in the guest. */
  sh(script: string): Promise<string>;
  readText(path: string): Promise<string>;
  fetchAll(paths: string[], options?: FetchOptions): Promise<Fetched[]>;
  /** One more guest, of which the caller lets go. */
  startAnother(diskMib?: number): Promise<Machine>;
}

/** Call it at the top of a file; the guest is there while its tests run. */
export function useGuestFiles(): () => WorkspaceGuest {
  let pyro: TestPyro;
  let engine: GvisorEngine;
  let guest: WorkspaceGuest;

  beforeAll(async () => {
    pyro = await TestPyro.create();
    engine = await openEngine(pyro);
    const startAnother = async (diskMib?: number) =>
      engine.start({ ...(await newSpec(pyro)), ...(diskMib !== undefined && { diskMib }) });
    const machine = await startAnother();
    const files = machine.agent.files("/workspace");
    guest = {
      machine,
      files,
      startAnother,
      sh: (script) => execText(machine.agent, script),
      readText: async (path) => {
        const { content } = await files.read(path, { offset: 0, maxBytes: 100_000 });
        return Buffer.from(content).toString("latin1");
      },
      fetchAll: async (paths, options = {}) => {
        const all: Fetched[] = [];
        for await (const each of files.fetch(paths, options)) all.push(each);
        return all;
      },
    };
  });

  afterAll(async () => {
    await engine.reap(new Set());
    await pyro[Symbol.asyncDispose]();
  });

  return () => guest;
}

/** The writing of a small file. */
export function write(
  path: string,
  text: string,
  more: Partial<FileChange & { kind: "write_file" }> = {},
): FileChange {
  const bytes = Buffer.from(text, "latin1");
  return { kind: "write_file", path, sizeBytes: bytes.length, content: [{ offset: 0, bytes }], ...more };
}
