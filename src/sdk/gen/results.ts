// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

/** What ran a guest. */
export interface Engine {
  /** `gvisor`; `host_compat` for a command on the host. */
  name: string;

  /** How the engine runs code, such as `systrap` or `kvm`. */
  platform: string;

  /** False: the command ran on the host's kernel without isolation. */
  securityBoundary: boolean;
}

/** An environment of the catalogue: what guests can be made of. */
export interface Environment {
  /** Such as `debian:12`. */
  name: string;

  /** Version of the catalogue's entry. */
  version: string;
  description: string;

  /** What is installed beyond the distribution's base. */
  defaultPackages: string[];

  /** Such as `debian`; empty when an image is not installed or does not say. */
  distribution: string;

  /** Such as `12`. */
  distributionVersion: string;

  /** Such as `linux/amd64`. */
  platform: string;

  /** The engines that can run it. */
  compatibility: string;

  /** Whether it is in the cache. */
  installed: boolean;

  /** Size of the install, bytes; null when not installed. */
  sizeBytes: number | null;

  /** Where it can be installed from, in their order. */
  sources: string[];
}

/** What is known about an installed environment. */
export interface InstallManifest {
  /** Where it was installed from. */
  source: string;

  /** Of what was installed. */
  digest: string;
  packages: { name: string; version: string; architecture: string }[];

  /** Unix time, seconds. */
  installedAt: number;

  /** Size of all files, bytes. */
  sizeBytes: number;

  /** Files, directories and links. */
  entryCount: number;

  /** The image it was made from; null when it was built from packages. */
  image: {
    /** As it was pulled. */
    reference: string;

    /** Of the image for this platform: the install is pinned by it. */
    digest: string;
    layers: { digest: string; sizeBytes: number; mediaType: string }[];

    /** Whom `run` runs commands as; empty: root. */
    user: string;

    /** Where `run` starts commands; empty: /. */
    workingDir: string;

    /** What it runs by itself: entrypoint and command. */
    command: string[];

    /** NAME=VALUE, for every command. */
    env: string[];

    /** Such as `org.opencontainers.image.licenses`. */
    labels: Record<string, string>;

    /** What of the image does not hold here. */
    notes: string[];
  } | null;
}

/** Result of {@link Pyro.listEnvironments}. */
export interface EnvironmentList {
  /** Version of the package. */
  catalogVersion: string;
  environments: Environment[];
}

/** Result of {@link Pyro.inspectEnvironment}. */
export interface EnvironmentDetails {
  /** Such as `debian:12`. */
  name: string;

  /** Version of the catalogue's entry. */
  version: string;
  description: string;

  /** What is installed beyond the distribution's base. */
  defaultPackages: string[];

  /** Such as `debian`; empty when an image is not installed or does not say. */
  distribution: string;

  /** Such as `12`. */
  distributionVersion: string;

  /** Such as `linux/amd64`. */
  platform: string;

  /** The engines that can run it. */
  compatibility: string;

  /** Whether it is in the cache. */
  installed: boolean;

  /** Size of the install, bytes; null when not installed. */
  sizeBytes: number | null;

  /** Where it can be installed from, in their order. */
  sources: string[];

  /** What is installed; null when nothing is. */
  installManifest: InstallManifest | null;

  /** Digests of its image's layers; none when it was built from packages. */
  layers: string[];

  /** Where environments are installed. */
  cacheDir: string;

  /** Where this one is; null when not installed. */
  installDir: string | null;
}

/** Result of {@link Pyro.pullEnvironment}. */
export interface PulledEnvironment {
  /** Such as `debian:12`. */
  name: string;

  /** Version of the catalogue's entry. */
  version: string;
  description: string;

  /** What is installed beyond the distribution's base. */
  defaultPackages: string[];

  /** Such as `debian`; empty when an image is not installed or does not say. */
  distribution: string;

  /** Such as `12`. */
  distributionVersion: string;

  /** Such as `linux/amd64`. */
  platform: string;

  /** The engines that can run it. */
  compatibility: string;

  /** Whether it is in the cache. */
  installed: boolean;

  /** Size of the install, bytes; null when not installed. */
  sizeBytes: number | null;

  /** Where it can be installed from, in their order. */
  sources: string[];

  /** What is installed; null when nothing is. */
  installManifest: InstallManifest | null;

  /** Digests of its image's layers; none when it was built from packages. */
  layers: string[];

  /** Where environments are installed. */
  cacheDir: string;

  /** Where this one is; null when not installed. */
  installDir: string | null;

  /** Where it was installed from. */
  source: string;
}

/** Result of {@link Pyro.pruneEnvironments}. */
export interface PruneResult {
  deletedEnvironmentDirs: string[];

  /** How many. */
  count: number;

  /** Disk space that was given back, bytes. */
  freedBytes: number;
}

/** A one-shot guest, as it was when the call was answered. */
export interface VmRecord {
  /** `vm_` and 12 characters. */
  vmId: string;
  environment: string;
  environmentVersion: string;

  /** Virtual CPUs. */
  vcpuCount: number;

  /** Memory, MiB. */
  memMib: number;

  /** Time to live from the creation on, seconds. */
  ttlSeconds: number;

  /** Unix time, seconds. */
  createdAt: number;

  /** When it is removed by itself: Unix time, seconds. */
  expiresAt: number;

  /** `created`: not started yet; `stopped`: its guest and files are gone. */
  state: "created" | "started" | "stopped";
  networkEnabled: boolean;

  /** Whether it may run on the host, without isolation. */
  allowHostCompat: boolean;

  /** Null without a network. */
  guestIp: string | null;

  /** `pending` until the guest has started. */
  executionMode: "pending" | "guest" | "host_compat";

  /** What runs the guest; null until it has started. */
  engine: Engine | null;
}

/** What came of one command, and of its guest. */
export interface CommandResult {
  /** Id of the guest, which is gone. */
  vmId: string;
  environment: string;
  environmentVersion: string;

  /** As a shell would read it. */
  command: string;

  /** What is not UTF-8 is replaced; of more than 1 MiB head and tail are kept. */
  stdout: string;

  /** The same for stderr. */
  stderr: string;

  /** A part of stdout was left out. */
  stdoutTruncated: boolean;

  /** A part of stderr was left out. */
  stderrTruncated: boolean;

  /** As a shell reports it; 124 after a timeout. */
  exitCode: number;

  /** The command was killed at its limit. */
  timedOut: boolean;

  /** The limit that the command had, seconds. */
  timeoutSeconds: number;

  /** Name of the signal that ended the command; null when none did. */
  signal: string | null;

  /** Time that the command took, milliseconds. */
  durationMs: number;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** What ran the guest. */
  engine: Engine;

  /** That the guest was removed, and why. */
  cleanup: { vmId: string; deleted: boolean; reason: string };
}

/** Result of {@link Pyro.deleteVm}. */
export interface DeletedVm {
  vmId: string;
  deleted: boolean;

  /** `explicit_delete`. */
  reason: string;
}

/** Result of {@link Pyro.reapExpired}. */
export interface ReapResult {
  deletedVmIds: string[];

  /** How many. */
  count: number;
}

/** Result of {@link Pyro.doctor}. */
export interface DoctorReport {
  /** The host's system, architecture and kernel. */
  platform: string;

  /** Whether guests can start. */
  runtimeOk: boolean;

  /** What is wrong; empty when nothing is. */
  issues: {
    code: string;
    message: string;

    /** What cures it. */
    hint: string;
  }[];
  kvm: {
    exists: boolean;
    readable: boolean;
    writable: boolean;

    /** Whether a guest really starts on it. */
    bootsGuest: boolean;
  };
  engine: {
    name: string;

    /** How the engine runs code; null when no guest can start. */
    platform: string | null;
    version: string | null;

    /** Whether guests have a kernel of their own. */
    securityBoundary: boolean;

    /** What holds a guest to its memory. */
    memoryLimit: "cgroup" | "watchdog";
  };
  networking: {
    /** Whether guests get a network device; the host's own is not needed. */
    tunAvailable: boolean;
    userNamespaces: boolean;

    /** Private ranges that PYRO_NETWORK_ALLOW opens to guests with a network. */
    allowedRanges: string[];
  };
  runtime: {
    capabilities: {
      supportsVmBoot: boolean;
      supportsGuestExec: boolean;
      supportsGuestNetwork: boolean;

      /** Why something is not supported. */
      reason: string | null;
    };
    catalogVersion: string;

    /** Where environments are installed. */
    cacheDir: string;
    stateDir: string;

    /** Free where guests write, bytes. */
    diskFreeBytes: number;
    environments: { name: string; installed: boolean }[];
    daemon: { running: boolean; version: string; pid: number };
  };

  /** Whether the environment's next guest starts at once; with `environment` only. */
  dailyLoop?: { environment: string; state: "warm" | "cold" | "stale"; reason: string } | undefined;

  /** What an MCP server that is started here starts workspaces from; only the command line knows where that is. */
  projectSource?:
    | {
        kind: "none" | "path" | "repository" | "client";
        description: string;

        /** Why a workspace cannot start from it. */
        problem: {
          code: string;
          message: string;

          /** What cures it. */
          hint: string;
        } | null;
      }
    | undefined;
}

/** Result of {@link Pyro.prepare}. */
export interface PrepareResult {
  environment: string;

  /** `warm`: a guest starts at once; `cold`: never prepared; `stale`: changed since. */
  state: "warm" | "cold" | "stale";

  /** What was proved of a guest's network; null when it was not asked for. */
  networkProved: string | null;

  /** When it was last proved: Unix time, seconds. */
  preparedAt: number;

  /** True: it was warm, and nothing had to be done. */
  reused: boolean;

  /** What was done, in its order. */
  steps: {
    name: string;

    /** Milliseconds. */
    durationMs: number;
  }[];
}
