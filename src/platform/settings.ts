// Where things live and how the product is tuned, from the environment variables of whoever runs pyro.

import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { readChoice, readCount } from "./setting-values.js";
import { REGISTRY_VARIABLES } from "./user-environment.js";

export type GvisorPlatform = "kvm" | "systrap";
export type LogLevel = "info" | "debug";

export interface Settings {
  /** Records, sandboxes, logs. `PYRO_STATE_DIR`, else `$XDG_STATE_HOME/pyro-mcp`. */
  readonly stateDir: string;
  /** `PYRO_CACHE_DIR`, else `$XDG_CACHE_HOME/pyro-mcp`. */
  readonly cacheDir: string;
  /** `PYRO_ENVIRONMENT_CACHE_DIR`, else `environments` in the cache. */
  readonly environmentCacheDir: string;
  /** The daemon's socket and a short way to the state. Its path leaves room for every socket below it. */
  readonly runtimeDir: string;
  /** `PYRO_GVISOR_PLATFORM`: skips the probe's choice. */
  readonly gvisorPlatform: GvisorPlatform | undefined;
  /** `PYRO_LOG=debug` adds stack traces to the daemon's log. */
  readonly logLevel: LogLevel;
  /** `PYRO_MAX_ACTIVE_VMS`: guests at once. */
  readonly maxActiveVms: number | undefined;
  /** `PYRO_DAEMON_IDLE_SECONDS`: how long a daemon without guests or calls stays. */
  readonly daemonIdleMs: number;
  /** `PYRO_POOL=0` turns parked guests off. */
  readonly pool: boolean;
  /** `PYRO_NETWORK_ALLOW`: private ranges that guests with a network may reach, as they were given. */
  readonly networkAllow: readonly string[];
  /** `PYRO_CATALOG_REGISTRY`: where images of the catalogue's environments are published, `HOST[:PORT][/PATH]`. */
  readonly catalogRegistry: string | undefined;
  /** `PYRO_INSECURE_REGISTRIES`: hosts, separated by commas, that speak plain HTTP. */
  readonly insecureRegistries: readonly string[];
}

/** Longest path of a unix socket on Linux, sun_path without its NUL: unix(7). */
const SOCKET_PATH_MAX = 107;
/** The longest name below the runtime directory; see state-paths.ts. */
const LONGEST_SOCKET_NAME = "s/host-compat/0123456789abcdef0123456789abcdef/channel/agent.sock".length;
/** Without the separators of runsc's flags. */
const PLAIN_PATH = /^\/[\w./-]+$/;
const DEFAULT_IDLE_SECONDS = 600;

type Variables = Readonly<Record<string, string | undefined>>;

/** Directories that a program names itself. The environments are in its cache, if it names one. */
export interface DirectoryChoice {
  readonly stateDir?: string | undefined;
  readonly cacheDir?: string | undefined;
  readonly environmentCacheDir?: string | undefined;
}

/**
 * Resolves the settings from the environment variables; `chosen` directories win. Relative paths count from the
 * working directory. Throws invalid_input, which names the variable, for a value that means nothing.
 */
export function resolveSettings(
  environment: Variables = process.env,
  chosen: DirectoryChoice = {},
): Settings {
  const variables = dropEmpty({ ...environment, ...toVariables(chosen) });
  const home = variables["HOME"] ?? homedir();
  const cacheHome = absoluteOr(variables["XDG_CACHE_HOME"], path.join(home, ".cache"));
  const stateHome = absoluteOr(variables["XDG_STATE_HOME"], path.join(home, ".local", "state"));
  const cacheDir = path.resolve(variables["PYRO_CACHE_DIR"] ?? path.join(cacheHome, "pyro-mcp"));
  const stateDir = path.resolve(variables["PYRO_STATE_DIR"] ?? path.join(stateHome, "pyro-mcp"));
  return {
    stateDir,
    cacheDir,
    environmentCacheDir: path.resolve(
      variables["PYRO_ENVIRONMENT_CACHE_DIR"] ?? path.join(cacheDir, "environments"),
    ),
    runtimeDir: resolveRuntimeDir(variables["XDG_RUNTIME_DIR"], stateDir),
    gvisorPlatform: readChoice(variables, "PYRO_GVISOR_PLATFORM", ["kvm", "systrap"]),
    logLevel: readChoice(variables, "PYRO_LOG", ["info", "debug"]) ?? "info",
    maxActiveVms: readCount(variables, "PYRO_MAX_ACTIVE_VMS"),
    daemonIdleMs: (readCount(variables, "PYRO_DAEMON_IDLE_SECONDS") ?? DEFAULT_IDLE_SECONDS) * 1000,
    pool: readChoice(variables, "PYRO_POOL", ["0", "1"]) !== "0",
    networkAllow: splitList(variables["PYRO_NETWORK_ALLOW"]),
    catalogRegistry: variables["PYRO_CATALOG_REGISTRY"]?.replace(/\/+$/, ""),
    insecureRegistries: splitList(variables["PYRO_INSECURE_REGISTRIES"]),
  };
}

/** The settings as environment variables, for a child that must resolve the same ones. */
export function settingsToVariables(
  settings: Settings,
  variables: Variables = process.env,
): Record<string, string> {
  const kept = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
    "XDG_CACHE_HOME",
    "TMPDIR",
    ...REGISTRY_VARIABLES,
  ];
  const child: Record<string, string> = {
    PYRO_STATE_DIR: settings.stateDir,
    PYRO_CACHE_DIR: settings.cacheDir,
    PYRO_ENVIRONMENT_CACHE_DIR: settings.environmentCacheDir,
    PYRO_DAEMON_IDLE_SECONDS: String(settings.daemonIdleMs / 1000),
    PYRO_LOG: settings.logLevel,
    PYRO_POOL: settings.pool ? "1" : "0",
    PYRO_NETWORK_ALLOW: settings.networkAllow.join(","),
  };
  if (settings.gvisorPlatform) child["PYRO_GVISOR_PLATFORM"] = settings.gvisorPlatform;
  if (settings.catalogRegistry) child["PYRO_CATALOG_REGISTRY"] = settings.catalogRegistry;
  if (settings.insecureRegistries.length > 0)
    child["PYRO_INSECURE_REGISTRIES"] = settings.insecureRegistries.join(",");
  if (settings.maxActiveVms) child["PYRO_MAX_ACTIVE_VMS"] = String(settings.maxActiveVms);
  for (const name of kept) {
    const value = variables[name];
    if (value !== undefined) child[name] = value;
  }
  return child;
}

/** What two processes must agree on to share a daemon. */
export function settingsFingerprint(settings: Settings): string {
  const shared = [
    settings.stateDir,
    settings.cacheDir,
    settings.environmentCacheDir,
    settings.gvisorPlatform ?? "",
    settings.networkAllow.join(","),
    settings.catalogRegistry ?? "",
    settings.insecureRegistries.join(","),
  ];
  return createHash("sha256").update(shared.join("\0")).digest("hex").slice(0, 16);
}

// One directory per state directory, so that two states never share a daemon. A hash keeps it short
// whatever the state's own path is: a socket's path has room for 107 bytes.
function resolveRuntimeDir(xdgRuntimeDir: string | undefined, stateDir: string): string {
  const name = createHash("sha256").update(stateDir).digest("hex").slice(0, 12);
  const preferred = path.join(xdgRuntimeDir ?? "", "pyro-mcp", name);
  const fits = Buffer.byteLength(preferred) + 1 + LONGEST_SOCKET_NAME <= SOCKET_PATH_MAX;
  if (xdgRuntimeDir !== undefined && PLAIN_PATH.test(xdgRuntimeDir) && fits && isOwnDirectory(xdgRuntimeDir))
    return preferred;
  return path.join("/tmp", `pyro-mcp-${process.geteuid?.() ?? 0}`, name);
}

// After `su` or `sudo -E` the variable names another user's directory, or one that is gone with its session.
function isOwnDirectory(directory: string): boolean {
  try {
    const found = statSync(directory);
    return found.isDirectory() && found.uid === process.geteuid?.();
  } catch {
    // Not there, below a file, or in a directory that this user may not search.
    return false;
  }
}

function toVariables({ stateDir, cacheDir, environmentCacheDir }: DirectoryChoice): Variables {
  return {
    ...(stateDir !== undefined && { PYRO_STATE_DIR: stateDir }),
    ...(cacheDir !== undefined && { PYRO_CACHE_DIR: cacheDir, PYRO_ENVIRONMENT_CACHE_DIR: undefined }),
    ...(environmentCacheDir !== undefined && { PYRO_ENVIRONMENT_CACHE_DIR: environmentCacheDir }),
  };
}

// An empty path would mean the working directory, and with it the user's project.
function dropEmpty(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}

function absoluteOr(value: string | undefined, fallback: string): string {
  return value?.startsWith("/") ? value : fallback;
}

/** In one order, so that two who mean the same share a daemon. */
function splitList(value: string | undefined): readonly string[] {
  const items = (value ?? "").split(",").map((item) => item.trim());
  return [...new Set(items)].filter((item) => item !== "").sort();
}
