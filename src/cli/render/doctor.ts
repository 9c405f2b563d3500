// `doctor`, item by item.

import type { ResultOf } from "../../operations/registry.js";
import type { Rendering } from "./rendering.js";
import { formatBytes } from "./sizes.js";

export function renderDoctor(result: ResultOf<"doctor">): Rendering {
  const { kvm, engine, networking, runtime } = result;
  const { capabilities, daemon } = runtime;
  const installed = runtime.environments.filter((each) => each.installed).map((each) => each.name);
  const lines = [
    `Platform: ${result.platform}`,
    `Runtime: ${result.runtime_ok ? "PASS" : "FAIL"}`,
    `KVM: exists=${yes(kvm.exists)} readable=${yes(kvm.readable)} writable=${yes(kvm.writable)} boots_guest=${yes(kvm.boots_guest)}`,
    `Engine: ${engine.name} on ${engine.platform ?? "no platform"}, version ${engine.version ?? "unknown"}, memory limited by ${engine.memory_limit}`,
    `Environment cache: ${runtime.cache_dir} (installed: ${installed.join(", ") || "none"})`,
    `State: ${runtime.state_dir} (${formatBytes(runtime.disk_free_bytes)} free)`,
    `Capabilities: vm_boot=${yes(capabilities.supports_vm_boot)} guest_exec=${yes(capabilities.supports_guest_exec)} guest_network=${yes(capabilities.supports_guest_network)}${capabilities.reason ? ` (${capabilities.reason})` : ""}`,
    `Networking: tun=${yes(networking.tun_available)} user_namespaces=${yes(networking.user_namespaces)} allowed_ranges=${networking.allowed_ranges.join(",") || "none"}`,
    `Daemon: running, version ${daemon.version}, pid ${daemon.pid}`,
    ...(result.project_source ? [`Project: ${result.project_source.description}`] : []),
    ...formatDailyLoop(result.daily_loop),
    ...formatIssues(result.issues),
  ];
  return { stdout: `${lines.join("\n")}\n` };
}

function formatDailyLoop(loop: ResultOf<"doctor">["daily_loop"]): string[] {
  if (!loop) return [];
  const cure = loop.state === "warm" ? "" : ` (${loop.reason}; run \`pyro prepare ${loop.environment}\`)`;
  return [`Daily loop: ${loop.environment} ${loop.state}${cure}`];
}

function formatIssues(issues: ResultOf<"doctor">["issues"]): string[] {
  if (issues.length === 0) return ["Issues: none"];
  return ["Issues:", ...issues.flatMap(({ message, hint }) => [`- ${message}`, `  hint: ${hint}`])];
}

function yes(value: boolean): string {
  return value ? "yes" : "no";
}
