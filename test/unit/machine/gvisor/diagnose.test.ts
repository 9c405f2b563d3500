import { describe, expect, test } from "vitest";
import { PyroError } from "../../../../src/contract/errors.js";
import { diagnose } from "../../../../src/machine/gvisor/diagnose.js";

const FAILURE = new PyroError("guest_start_failed", "runsc run failed: no such device", {
  details: { log: "the log" },
});

/** Causes in the host's settings, which this host may have. */
const HOST_CAUSES = /^(user_namespaces_(restricted|disabled|exhausted)|ptrace_forbidden)$/;

describe.each(["kvm", "systrap"] as const)("on %s", (platform) => {
  test("a failure is either the host's known cause or what happened, and has one act that cures it", async () => {
    const problem = await diagnose(FAILURE, platform);
    if (!HOST_CAUSES.test(problem.code)) {
      expect(problem.code).toBe("guest_start_failed");
      expect(problem.message).toBe(
        `a trial guest did not start on ${platform}: runsc run failed: no such device`,
      );
    }
    expect(problem.hint).toMatch(/\S/);
  });

  test("the engine's log goes with it, when there is one", async () => {
    expect(await diagnose(FAILURE, platform)).toMatchObject({ log: "the log" });
    expect(await diagnose(new PyroError("guest_start_failed", "x"), platform)).not.toHaveProperty("log");
    const empty = new PyroError("guest_start_failed", "x", { details: { log: "" } });
    expect(await diagnose(empty, platform)).not.toHaveProperty("log");
  });
});
