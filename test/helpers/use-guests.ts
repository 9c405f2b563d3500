// The frame of a test file about guests: a pyro of its own for the file, as root or as an ordinary user, and at
// the end nothing left on the host.

import { afterAll, beforeAll } from "vitest";
import { DEFAULT_ENVIRONMENT } from "../../src/contract/limits.js";
import { closePyro } from "./close-pyro.js";
import { OrdinaryUser, USER_ENVIRONMENT } from "./ordinary-user.js";
import { TestPyro, type CliOptions, type CliResult } from "./test-pyro.js";

export type Identity = "root" | "an ordinary user";

const IS_ROOT = process.geteuid?.() === 0;

/** Whom the tests can be: root can be both. */
export const IDENTITIES: readonly Identity[] = IS_ROOT ? ["root", "an ordinary user"] : ["an ordinary user"];

/** For what does not depend on who runs it. */
export const ANYBODY: Identity = IS_ROOT ? "root" : "an ordinary user";

export interface GuestRunOptions extends CliOptions {
  /** Flags of `pyro run`. */
  readonly flags?: readonly string[];
}

export interface Guests {
  readonly pyro: TestPyro;
  /** Name of an installed environment. */
  readonly environment: string;
  /** `pyro run` of one command in a fresh guest. */
  run(argv: readonly string[], options?: GuestRunOptions): Promise<CliResult>;
  /** The same with --json: its document. */
  json(argv: readonly string[], options?: GuestRunOptions): Promise<Record<string, unknown>>;
  /** The same for a script of the guest's sh. */
  sh(script: string, options?: GuestRunOptions): Promise<CliResult>;
}

/** Call it in a `describe`; the guests are there while its tests run. */
export function useGuests(identity: Identity, extra: Readonly<Record<string, string>> = {}): () => Guests {
  let opened: { readonly guests: Guests; readonly user: OrdinaryUser | undefined } | undefined;
  beforeAll(async () => {
    const user = IS_ROOT && identity === "an ordinary user" ? await OrdinaryUser.ensure() : undefined;
    const pyro = user ? await user.openPyro(extra) : await TestPyro.create(extra);
    opened = { guests: guestsOf(pyro, user ? USER_ENVIRONMENT : DEFAULT_ENVIRONMENT), user };
  });
  afterAll(async () => {
    if (!opened) return;
    const { guests, user } = opened;
    try {
      await closePyro(guests.pyro);
    } finally {
      await user?.[Symbol.asyncDispose]();
    }
  });
  return () => {
    if (!opened) throw new Error("the guests are only there while a test runs");
    return opened.guests;
  };
}

function guestsOf(pyro: TestPyro, environment: string): Guests {
  const run = (argv: readonly string[], { flags = [], ...options }: GuestRunOptions = {}) =>
    pyro.run(["run", environment, ...flags, "--", ...argv], options);
  return {
    pyro,
    environment,
    run,
    sh: (script, options) => run(["sh", "-c", script], options),
    json: async (argv, { flags = [], ...options } = {}) => {
      const { value } = await pyro.json(["run", environment, ...flags, "--", ...argv], options);
      if (!isRecord(value)) throw new Error(`not an object: ${JSON.stringify(value)}`);
      return value;
    },
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
