// Results of operations, to be rendered.

import type { ResultOf } from "../../../../src/operations/registry.js";

export function makeRunResult(own: Partial<ResultOf<"vm_run">> = {}): ResultOf<"vm_run"> {
  return {
    vm_id: "vm_aaaaaaaaaaaa",
    environment: "debian:12",
    environment_version: "1",
    command: "true",
    stdout: "guest's own",
    stderr: "",
    stdout_truncated: false,
    stderr_truncated: false,
    exit_code: 0,
    timed_out: false,
    timeout_seconds: 30,
    signal: null,
    duration_ms: 12.6,
    execution_mode: "guest",
    engine: { name: "gvisor", platform: "systrap", security_boundary: true },
    cleanup: { vm_id: "vm_aaaaaaaaaaaa", deleted: true, reason: "post_exec_cleanup" },
    ...own,
  };
}

export function makeDoctorResult(own: Partial<ResultOf<"doctor">> = {}): ResultOf<"doctor"> {
  return {
    platform: "linux-x86_64",
    runtime_ok: true,
    issues: [],
    kvm: { exists: true, readable: true, writable: true, boots_guest: false },
    engine: {
      name: "gvisor",
      platform: "systrap",
      version: "1.0",
      security_boundary: true,
      memory_limit: "watchdog",
    },
    networking: { tun_available: false, user_namespaces: true, allowed_ranges: [] },
    runtime: {
      capabilities: {
        supports_vm_boot: true,
        supports_guest_exec: true,
        supports_guest_network: false,
        reason: "no network yet",
      },
      catalog_version: "0.1.0",
      cache_dir: "/c",
      state_dir: "/s",
      disk_free_bytes: 1024,
      environments: [
        { name: "debian:12", installed: true },
        { name: "debian:12-base", installed: false },
      ],
      daemon: { running: true, version: "0.1.0", pid: 7 },
    },
    ...own,
  };
}

export function makeEnvironmentEntry(own: Partial<ResultOf<"env_inspect">> = {}): ResultOf<"env_inspect"> {
  return {
    name: "debian:12",
    version: "1",
    description: "Debian 12 with git",
    default_packages: ["git"],
    distribution: "debian",
    distribution_version: "12",
    platform: "linux/amd64",
    compatibility: "1",
    installed: true,
    size_bytes: 1024 * 1024,
    sources: ["oci", "packages"],
    install_manifest: {
      source: "packages",
      digest: "sha256:abc",
      packages: [{ name: "git", version: "1:2.39", architecture: "amd64" }],
      installed_at: 0,
      size_bytes: 1024 * 1024,
      image: null,
      entry_count: 9,
    },
    layers: [],
    cache_dir: "/c",
    install_dir: "/c/i",
    ...own,
  };
}
