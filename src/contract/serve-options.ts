// What `pyro mcp serve` can be told, and which of it goes together. Pure.

import { PyroError } from "./errors.js";

export const SERVE_PROFILES = ["vm-run", "workspace-core", "workspace-full"] as const;
export type ServeProfile = (typeof SERVE_PROFILES)[number];

export const SERVE_MODES = ["repro-fix", "inspect", "cold-start", "review-eval"] as const;
export type ServeMode = (typeof SERVE_MODES)[number];

/** The flags of `pyro mcp serve`, in the order in which they are written. */
export interface ServeOptions {
  readonly profile?: ServeProfile;
  readonly mode?: ServeMode;
  readonly environment?: string;
  /** Absolute. */
  readonly projectPath?: string;
  readonly repoUrl?: string;
  readonly repoRef?: string;
  readonly noProjectSource?: boolean;
  readonly allowHostCompat?: boolean;
}

/** Throws `invalid_input` where two of the flags contradict each other. */
export function checkServeOptions(options: ServeOptions): void {
  const { profile, mode, projectPath, repoUrl, repoRef, noProjectSource } = options;
  refuseTogether({ "--profile": profile, "--mode": mode });
  refuseTogether({
    "--project-path": projectPath,
    "--repo-url": repoUrl,
    "--no-project-source": noProjectSource || undefined,
  });
  if (repoRef !== undefined && repoUrl === undefined) {
    throw new PyroError("invalid_input", "--repo-ref needs --repo-url: it names a commit of that repository");
  }
}

function refuseTogether(flags: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(flags).filter((flag) => flags[flag] !== undefined);
  if (given.length > 1) {
    throw new PyroError("invalid_input", `${given.join(" and ")} do not go together`, {
      hint: "Give one of them.",
    });
  }
}
