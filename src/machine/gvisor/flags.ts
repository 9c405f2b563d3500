// The global flags of runsc, as a pure function.

import type { GvisorPlatform } from "../../platform/settings.js";

export interface RunscFlagsInput {
  /** runsc's own state: --root. Absolute, short, without separators that a flag knows. */
  readonly rootDir: string;
  /** Where the file that takes the guest's writes is made. */
  readonly overlayDir: string;
  readonly diskMib: number;
  readonly platform: GvisorPlatform;
  /** True when the daemon runs as root. */
  readonly asRoot: boolean;
  /** Whether runsc puts the guest into the host's cgroups. */
  readonly useCgroups: boolean;
  /** Directory for runsc's log files of this guest, ending with a slash. */
  readonly logDir: string;
}

export function runscFlags(input: RunscFlagsInput): string[] {
  return [
    `--root=${input.rootDir}`,
    `--platform=${input.platform}`,
    // No interface but loopback: a network, where allowed, is the agent's TUN device.
    "--network=none",
    // The agent dials the one socket in its channel directory.
    "--host-uds=open",
    // The agent keeps every command in a cgroup of its own, killed as one and with a limit of tasks: that is
    // version 2 only.
    "--in-sandbox-cgroup=v2",
    // Every write of the guest goes to one file of limited size, unlinked at once.
    `--overlay2=root:dir=${input.overlayDir},size=${input.diskMib}m`,
    // su and sudo work inside; what they give is the guest's own root.
    "--allow-suid=true",
    // What a bundle names is our own: no user's specification ever gets here.
    "--allow-rootfs-tar-annotation",
    "--host-settings=ignore",
    // The sidecar binaries of newer releases do not exist in a build from the Go module; the one
    // binary holds them. Said explicitly, because the default is about to change.
    "--sidecar-usage-policy=LEGACY_DEPRECATED_SLOW_EMBEDDED_FALLBACK",
    "--sidecar-release-enforcement-policy=NEVER",
    `--log=${input.logDir}runsc.log`,
    `--debug-log=${input.logDir}%COMMAND%.log`,
    // As root the Sentry would be the host's uid 0 with directfs; without it, it is nobody.
    ...(input.asRoot ? ["--directfs=false"] : []),
    ...(input.useCgroups ? [] : ["--ignore-cgroups"]),
  ];
}
