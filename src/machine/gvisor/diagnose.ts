// Why no guest starts here, with the one act that cures it.

import { readFile } from "node:fs/promises";
import type { PyroError } from "../../contract/errors.js";
import type { GvisorPlatform } from "../../platform/settings.js";
import type { EngineProblem } from "../engine.js";

/** Only who asks for KVM comes to hear of it: without, systrap is tried next. */
const KVM_HINT = "Unset PYRO_GVISOR_PLATFORM: guests run without KVM too, on systrap.";

/** A host setting that is known to break gVisor. The first that holds is the cause. */
interface KnownCause {
  readonly code: string;
  readonly file: string;
  readonly holds: (value: string) => boolean;
  readonly asRoot: boolean;
  readonly message: string;
  readonly hint: string;
}

const KNOWN_CAUSES: readonly KnownCause[] = [
  {
    code: "user_namespaces_restricted",
    file: "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    holds: (value) => value !== "0",
    asRoot: false,
    message: "AppArmor denies capabilities in user namespaces of ordinary users",
    hint: "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (or an AppArmor profile, see SECURITY.md)",
  },
  {
    code: "user_namespaces_disabled",
    file: "/proc/sys/kernel/unprivileged_userns_clone",
    holds: (value) => value === "0",
    asRoot: false,
    message: "user namespaces are disabled for ordinary users",
    hint: "sudo sysctl -w kernel.unprivileged_userns_clone=1",
  },
  {
    code: "user_namespaces_exhausted",
    file: "/proc/sys/user/max_user_namespaces",
    holds: (value) => value === "0",
    asRoot: true,
    message: "the host allows no user namespaces",
    hint: "sudo sysctl -w user.max_user_namespaces=65536",
  },
  {
    code: "ptrace_forbidden",
    file: "/proc/sys/kernel/yama/ptrace_scope",
    holds: (value) => value === "3",
    asRoot: true,
    message: "the host forbids ptrace entirely (Yama, ptrace_scope 3)",
    hint: "set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and reboot",
  },
];

export async function diagnose(failure: PyroError, platform: GvisorPlatform): Promise<EngineProblem> {
  const { log } = failure.details;
  const evidence = typeof log === "string" && log !== "" ? { log } : {};
  const isRoot = process.geteuid?.() === 0;
  for (const cause of KNOWN_CAUSES) {
    if (isRoot && !cause.asRoot) continue;
    const value = await readFile(cause.file, "utf8").catch(() => undefined);
    if (value !== undefined && cause.holds(value.trim())) {
      return { code: cause.code, message: cause.message, hint: cause.hint, ...evidence };
    }
  }
  return {
    code: failure.code,
    message: `a trial guest did not start on ${platform}: ${failure.message}`,
    hint:
      platform === "kvm" ? KVM_HINT : "`pyro demo --json` has the end of the engine's log in its details.",
    ...evidence,
  };
}
