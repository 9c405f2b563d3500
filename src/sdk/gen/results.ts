// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

/** What ran a guest. */
export interface Engine {
  name: string;
  platform: string;

  /** False: the command ran on the host's kernel without isolation. */
  securityBoundary: boolean;
}

/** An environment of the catalogue: what guests can be made of. */
export interface Environment {
  name: string;
  version: string;
  description: string;
  defaultPackages: string[];
  distribution: string;
  distributionVersion: string;
  platform: string;
  compatibility: string;
  installed: boolean;

  /** Size of the install; null when not installed. */
  sizeBytes: number | null;
  sources: string[];
}

/** What is known about an installed environment. */
export interface InstallManifest {
  source: string;
  digest: string;
  packages: { name: string; version: string; architecture: string }[];
  installedAt: number;
  sizeBytes: number;
  entryCount: number;
}

/** Result of {@link Pyro.listEnvironments}. */
export interface EnvironmentList {
  catalogVersion: string;
  environments: Environment[];
}

/** Result of {@link Pyro.inspectEnvironment}. */
export interface EnvironmentDetails {
  name: string;
  version: string;
  description: string;
  defaultPackages: string[];
  distribution: string;
  distributionVersion: string;
  platform: string;
  compatibility: string;
  installed: boolean;

  /** Size of the install; null when not installed. */
  sizeBytes: number | null;
  sources: string[];
  installManifest: InstallManifest | null;
  layers: string[];
  cacheDir: string;
  installDir: string | null;
}

/** Result of {@link Pyro.pullEnvironment}. */
export interface PulledEnvironment {
  name: string;
  version: string;
  description: string;
  defaultPackages: string[];
  distribution: string;
  distributionVersion: string;
  platform: string;
  compatibility: string;
  installed: boolean;

  /** Size of the install; null when not installed. */
  sizeBytes: number | null;
  sources: string[];
  installManifest: InstallManifest | null;
  layers: string[];
  cacheDir: string;
  installDir: string | null;
  source: string;
}

/** Result of {@link Pyro.pruneEnvironments}. */
export interface PruneResult {
  deletedEnvironmentDirs: string[];
  count: number;
  freedBytes: number;
}

/** A one-shot guest, as it was when the call was answered. */
export interface VmRecord {
  vmId: string;
  environment: string;
  environmentVersion: string;
  vcpuCount: number;
  memMib: number;
  ttlSeconds: number;
  createdAt: number;
  expiresAt: number;
  state: "created" | "started" | "stopped";
  networkEnabled: boolean;
  allowHostCompat: boolean;
  guestIp: string | null;

  /** `pending` until the guest has started. */
  executionMode: "pending" | "guest" | "host_compat";

  /** What runs the guest; null until it has started. */
  engine: Engine | null;
}

/** What came of one command, and of its guest. */
export interface CommandResult {
  vmId: string;
  environment: string;
  environmentVersion: string;

  /** As a shell would read it. */
  command: string;
  stdout: string;
  stderr: string;
  stdoutTruncated: boolean;
  stderrTruncated: boolean;

  /** As a shell reports it; 124 after a timeout. */
  exitCode: number;
  timedOut: boolean;

  /** The limit that the command had. */
  timeoutSeconds: number;

  /** Name of the signal that ended the command. */
  signal: string | null;
  durationMs: number;

  /** `guest`: in an isolated guest; `host_compat`: on the host, without isolation. */
  executionMode: "guest" | "host_compat";

  /** What ran the guest. */
  engine: Engine;
  cleanup: { vmId: string; deleted: boolean; reason: string };
}

/** Result of {@link Pyro.deleteVm}. */
export interface DeletedVm {
  vmId: string;
  deleted: boolean;
  reason: string;
}

/** Result of {@link Pyro.networkInfoVm}. */
export interface VmNetworkInfo {
  vmId: string;
  networkEnabled: boolean;
  outboundConnectivityExpected: boolean;

  /** Why there is no network. */
  reason: string | null;
  guestIp: string | null;
  gatewayIp: string | null;
  subnetCidr: string | null;
  macAddress: string | null;
  dnsServers: string[];
}

/** Result of {@link Pyro.reapExpired}. */
export interface ReapResult {
  deletedVmIds: string[];
  count: number;
}

/** Result of {@link Pyro.doctor}. */
export interface DoctorReport {
  platform: string;
  runtimeOk: boolean;
  issues: { code: string; message: string; hint: string }[];
  kvm: { exists: boolean; readable: boolean; writable: boolean; bootsGuest: boolean };
  engine: {
    name: string;
    platform: string | null;
    version: string | null;
    securityBoundary: boolean;
    memoryLimit: "cgroup" | "watchdog";
  };
  networking: { tunAvailable: boolean; userNamespaces: boolean };
  runtime: {
    capabilities: {
      supportsVmBoot: boolean;
      supportsGuestExec: boolean;
      supportsGuestNetwork: boolean;
      reason: string | null;
    };
    catalogVersion: string;
    cacheDir: string;
    stateDir: string;
    diskFreeBytes: number;
    environments: { name: string; installed: boolean }[];
    daemon: { running: boolean; version: string; pid: number };
  };
  dailyLoop?: { environment: string; state: "warm" | "cold" | "stale"; reason: string } | undefined;
}

/** Result of {@link Pyro.prepare}. */
export interface PrepareResult {
  environment: string;
  state: "warm" | "cold" | "stale";
  preparedAt: number;

  /** True: it was warm, and nothing had to be done. */
  reused: boolean;
  steps: { name: string; durationMs: number }[];
}
