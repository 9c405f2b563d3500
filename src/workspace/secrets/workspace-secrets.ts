// The secrets of one workspace while its daemon runs: given to its guests, named in its calls, taken out of its texts.

import { toPyroError, PyroError } from "../../contract/errors.js";
import type { WorkspaceId } from "../../contract/ids.js";
import { SECRETS_PATH } from "../../contract/limits.js";
import type { GuestAgent } from "../../guest/agent.js";
import type { RedactionPattern } from "../../guest/secrets.js";
import { patternsOf } from "./patterns.js";
import { Redactor } from "./redactor.js";
import type { Secret } from "./secret.js";
import type { SecretStore } from "./secret-store.js";

export class WorkspaceSecrets {
  static readonly NONE = new WorkspaceSecrets([]);

  readonly redactor: Redactor;
  readonly #secrets: readonly Secret[];
  readonly #patterns: readonly RedactionPattern[];
  readonly #problem: PyroError | undefined;

  constructor(secrets: readonly Secret[], problem?: PyroError) {
    this.#secrets = secrets;
    this.#patterns = patternsOf(secrets);
    this.#problem = problem;
    this.redactor = new Redactor(this.#patterns);
  }

  /** Those that a former daemon has kept. What is wrong with them is said by whatever needs them. */
  static async open(
    store: SecretStore,
    id: WorkspaceId,
    names: readonly string[],
  ): Promise<WorkspaceSecrets> {
    if (names.length === 0) return WorkspaceSecrets.NONE;
    try {
      return new WorkspaceSecrets(await store.read(id, names));
    } catch (error) {
      return new WorkspaceSecrets([], toPyroError(error));
    }
  }

  /** Throws when they are not known: then nothing of the guest can be shown, for nothing could be redacted. */
  check(): void {
    if (this.#problem) throw this.#problem;
  }

  /** Gives them to a guest that has just started. */
  async give(agent: GuestAgent, signal: AbortSignal): Promise<void> {
    this.check();
    if (this.#secrets.length === 0) return;
    await agent.putSecrets({ secrets: this.#secrets, patterns: this.#patterns }, signal);
  }

  /** Secret → variable, as callers say it, to variable → secret, as the agent takes it. */
  variables(secretEnv: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(secretEnv).map(([name, variable]) => {
        this.#checkVariable(name);
        return [variable, name] as const;
      }),
    );
  }

  #checkVariable(name: string): void {
    const secret = this.#secrets.find((each) => each.name === name);
    if (!secret) {
      const names = this.#secrets.map((each) => each.name);
      const known = names.length > 0 ? `it has ${names.join(", ")}` : "it has none";
      throw new PyroError("invalid_input", `secret_env: the workspace has no secret ${name}; ${known}`, {
        hint: "Secrets are given when a workspace is created.",
        details: { secrets: names },
      });
    }
    if (!secret.value.includes(0)) return;
    throw new PyroError("invalid_input", `secret_env: ${name} holds a NUL byte, which no variable can hold`, {
      hint: `Read it from ${SECRETS_PATH}/${name} in the guest.`,
    });
  }
}
