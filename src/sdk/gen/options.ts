// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.

import type { CallOptions, CommandOptions, ProgressOptions } from "../call-options.js";

/** Options of {@link Pyro.inspectEnvironment}. */
export interface InspectEnvironmentOptions extends CallOptions {
  /** Name of an environment (see `pyro env list`), or an image: docker.io/library/python:3.12, or oci:DIRECTORY. */
  environment: string;
}

/** Options of {@link Pyro.pruneEnvironments}. */
export interface PruneEnvironmentsOptions extends CallOptions {
  /**
   * Remove installed images, too, that no guest uses.
   *
   * @defaultValue `false`
   */
  images?: boolean | undefined;
}

/** Options of {@link Pyro.pullEnvironment}. */
export interface PullEnvironmentOptions extends ProgressOptions {
  /** Name of an environment (see `pyro env list`), or an image: docker.io/library/python:3.12, or oci:DIRECTORY. */
  environment: string;

  /** Where to install it from; else the first of the environment's sources that works. */
  source?: "oci" | "packages" | undefined;
}

/** Options of {@link Pyro.createVm}. */
export interface CreateVmOptions extends ProgressOptions {
  /**
   * Name of an environment (see `pyro env list`), or an image: docker.io/library/python:3.12, or oci:DIRECTORY.
   *
   * @defaultValue `"debian:12"`
   */
  environment?: string | undefined;

  /**
   * Virtual CPUs, 1 to 8.
   *
   * @defaultValue `1`
   */
  vcpuCount?: number | undefined;

  /**
   * Memory of the guest in MiB, 256 to 32768.
   *
   * @defaultValue `1024`
   */
  memMib?: number | undefined;

  /**
   * Seconds until the guest is removed, 60 to 604800.
   *
   * @defaultValue `600`
   */
  ttlSeconds?: number | undefined;

  /**
   * Let the guest make connections to the internet, not to the host or private ranges.
   *
   * @defaultValue `false`
   */
  network?: boolean | undefined;

  /**
   * When no guest can start, run in a directory on the host, without isolation.
   *
   * @defaultValue `false`
   */
  allowHostCompat?: boolean | undefined;
}

/** Options of calls that are about one guest. */
export interface VmIdOptions extends CallOptions {
  /** Id of the guest, `vm_…`. */
  vmId: string;
}

/** Options of {@link Pyro.execVm}. */
export interface ExecVmOptions extends CommandOptions {
  /** Id of the guest, `vm_…`. */
  vmId: string;

  /** One string, run by the guest's shell; or the argument vector, executed as it is. */
  command: string | readonly string[];

  /**
   * Seconds until the command is killed, 1 to 86400.
   *
   * @defaultValue `30`
   */
  timeoutSeconds?: number | undefined;
}

/** Options of {@link Pyro.runInVm}. */
export interface RunInVmOptions extends CommandOptions, ProgressOptions {
  /**
   * Name of an environment (see `pyro env list`), or an image: docker.io/library/python:3.12, or oci:DIRECTORY.
   *
   * @defaultValue `"debian:12"`
   */
  environment?: string | undefined;

  /** One string, for the guest's shell, or the argument vector; absent: what an image runs by itself. */
  command?: string | readonly string[] | undefined;

  /**
   * Virtual CPUs, 1 to 8.
   *
   * @defaultValue `1`
   */
  vcpuCount?: number | undefined;

  /**
   * Memory of the guest in MiB, 256 to 32768.
   *
   * @defaultValue `1024`
   */
  memMib?: number | undefined;

  /**
   * Seconds until the command is killed, 1 to 86400.
   *
   * @defaultValue `30`
   */
  timeoutSeconds?: number | undefined;

  /**
   * Seconds until the guest is removed, 60 to 604800.
   *
   * @defaultValue `600`
   */
  ttlSeconds?: number | undefined;

  /**
   * Let the guest make connections to the internet, not to the host or private ranges.
   *
   * @defaultValue `false`
   */
  network?: boolean | undefined;

  /**
   * When no guest can start, run in a directory on the host, without isolation.
   *
   * @defaultValue `false`
   */
  allowHostCompat?: boolean | undefined;
}

/** Options of {@link Pyro.doctor}. */
export interface DoctorOptions extends CallOptions {
  /** Also tell whether this environment's daily loop is warm, cold or stale, and why. */
  environment?: string | undefined;
}

/** Options of {@link Pyro.prepare}. */
export interface PrepareOptions extends ProgressOptions {
  /**
   * Name of an environment (see `pyro env list`), or an image: docker.io/library/python:3.12, or oci:DIRECTORY.
   *
   * @defaultValue `"debian:12"`
   */
  environment?: string | undefined;

  /**
   * Also prove a guest's way out, as far as the policy on this host.
   *
   * @defaultValue `false`
   */
  network?: boolean | undefined;

  /**
   * Prove everything again although it is warm.
   *
   * @defaultValue `false`
   */
  force?: boolean | undefined;
}
