// The OCI bundle of a sandbox, as a pure function: config.json of the OCI runtime specification 1.2.
//
// Arguments, mounts and capabilities are the same for all guests of an environment: what differs between them
// reaches the agent over its socket (a restore demands equal specs). The one annotation names the tar that a guest
// starts with; its captures do not need it any more.

import path from "node:path";

/** Where the guest sees its agent and the directory of the agent's socket. Environments hold both as mount points. */
export const GUEST_AGENT_PATH = "/usr/lib/pyro/pyro-agent";
export const GUEST_CHANNEL_DIR = "/run/pyro";
export const AGENT_SOCKET_NAME = "agent.sock";
export const NETWORK_SOCKET_NAME = "network.sock";

export interface BundleInput {
  readonly rootfsDir: string;
  readonly agentPath: string;
  /** Host directory that holds this guest's sockets and nothing else. */
  readonly channelDir: string;
  /** Effective uid and gid of the user who runs the guest, when that is not root. */
  readonly mapToRoot?: { readonly uid: number; readonly gid: number };
  /** A tar of what differs from the environment, which the guest starts with. */
  readonly layerTar?: string;
  /** Present when the host's cgroups hold the guest; see hostLimits(). */
  readonly cgroup?: { readonly path: string; readonly limits: HostLimits };
}

export interface HostLimits {
  readonly memoryBytes: number;
  readonly cpuQuotaUs: number;
  readonly cpuPeriodUs: number;
  readonly pids: number;
}

/** runsc/specutils/specutils.go, AnnotationRootfsUpperTar. */
const LAYER_TAR_ANNOTATION = "dev.gvisor.tar.rootfs.upper";
/** The Sentry's own heap comes on top of what the guest may use: without room for it the whole guest dies. */
const SENTRY_HEADROOM_MIB = 96;
/** CFS period, the kernel's default, microseconds. */
const CPU_PERIOD_US = 100_000;
/** A distant backstop: the Sentry panics when the host refuses it a thread. The guest's own limit lies far below. */
const HOST_PIDS = 32_768;
/** Small, because a tmpfs counts against the guest's memory and filling one kills the whole guest. */
const SHM_BYTES = 64 * 1024 * 1024;
const OPEN_FILES = 1_048_576;

export function hostLimits(vcpuCount: number, memMib: number): HostLimits {
  return {
    memoryBytes: (memMib + SENTRY_HEADROOM_MIB + Math.ceil(memMib / 8)) * 1024 * 1024,
    cpuQuotaUs: vcpuCount * CPU_PERIOD_US,
    cpuPeriodUs: CPU_PERIOD_US,
    pids: HOST_PIDS,
  };
}

export function buildBundle(input: BundleInput) {
  return {
    ociVersion: "1.2.0",
    process: {
      user: { uid: 0, gid: 0 },
      args: [GUEST_AGENT_PATH, "--socket", path.posix.join(GUEST_CHANNEL_DIR, AGENT_SOCKET_NAME)],
      env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      cwd: "/",
      capabilities: {
        bounding: GUEST_CAPABILITIES,
        effective: GUEST_CAPABILITIES,
        permitted: GUEST_CAPABILITIES,
        inheritable: GUEST_CAPABILITIES,
      },
      rlimits: [{ type: "RLIMIT_NOFILE", hard: OPEN_FILES, soft: OPEN_FILES }],
    },
    root: { path: input.rootfsDir },
    ...(input.layerTar !== undefined && { annotations: { [LAYER_TAR_ANNOTATION]: input.layerTar } }),
    hostname: "pyro",
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/sys", type: "sysfs", source: "sysfs", options: ["ro"] },
      { destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup" },
      // gVisor puts its own file system here and knows no size for it.
      { destination: "/dev", type: "tmpfs", source: "tmpfs" },
      {
        destination: "/dev/shm",
        type: "tmpfs",
        source: "tmpfs",
        options: [`size=${SHM_BYTES}`, "mode=1777"],
      },
      // Read-only: connecting needs no more, and what a guest writes here would fill the host's disk.
      { destination: GUEST_CHANNEL_DIR, type: "bind", source: input.channelDir, options: ["bind", "ro"] },
      { destination: GUEST_AGENT_PATH, type: "bind", source: input.agentPath, options: ["bind", "ro"] },
    ],
    linux: {
      namespaces: [
        { type: "pid" },
        { type: "mount" },
        { type: "ipc" },
        { type: "uts" },
        { type: "network" },
        ...(input.mapToRoot ? [{ type: "user" }] : []),
      ],
      ...(input.mapToRoot && {
        uidMappings: [{ containerID: 0, hostID: input.mapToRoot.uid, size: 1 }],
        gidMappings: [{ containerID: 0, hostID: input.mapToRoot.gid, size: 1 }],
      }),
      ...(input.cgroup && {
        cgroupsPath: input.cgroup.path,
        resources: {
          memory: { limit: input.cgroup.limits.memoryBytes },
          cpu: { quota: input.cgroup.limits.cpuQuotaUs, period: input.cgroup.limits.cpuPeriodUs },
          pids: { limit: input.cgroup.limits.pids },
        },
      }),
    },
  };
}

// All that Linux has: root of a throw-away guest. They are capabilities in the guest's kernel, not in the host's.
const GUEST_CAPABILITIES = [
  "CAP_AUDIT_CONTROL",
  "CAP_AUDIT_READ",
  "CAP_AUDIT_WRITE",
  "CAP_BLOCK_SUSPEND",
  "CAP_CHOWN",
  "CAP_DAC_OVERRIDE",
  "CAP_DAC_READ_SEARCH",
  "CAP_FOWNER",
  "CAP_FSETID",
  "CAP_IPC_LOCK",
  "CAP_IPC_OWNER",
  "CAP_KILL",
  "CAP_LEASE",
  "CAP_LINUX_IMMUTABLE",
  "CAP_MAC_ADMIN",
  "CAP_MAC_OVERRIDE",
  "CAP_MKNOD",
  "CAP_NET_ADMIN",
  "CAP_NET_BIND_SERVICE",
  "CAP_NET_BROADCAST",
  "CAP_NET_RAW",
  "CAP_SETFCAP",
  "CAP_SETGID",
  "CAP_SETPCAP",
  "CAP_SETUID",
  "CAP_SYS_ADMIN",
  "CAP_SYS_BOOT",
  "CAP_SYS_CHROOT",
  "CAP_SYS_MODULE",
  "CAP_SYS_NICE",
  "CAP_SYS_PACCT",
  "CAP_SYS_PTRACE",
  "CAP_SYS_RAWIO",
  "CAP_SYS_RESOURCE",
  "CAP_SYS_TIME",
  "CAP_SYS_TTY_CONFIG",
  "CAP_SYSLOG",
  "CAP_WAKE_ALARM",
];
