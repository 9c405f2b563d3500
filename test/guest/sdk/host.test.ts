// Environments, doctor and prepare through the SDK.

import { describe, expect, test } from "vitest";
import { useSdk } from "./use-sdk.js";

describe("environments and host", () => {
  const sdk = useSdk();

  test("an environment is inspected with its packages", async () => {
    const { installManifest, ...entry } = await sdk().pyro.inspectEnvironment({ environment: "debian:12" });
    expect(entry).toMatchObject({ name: "debian:12", installed: true, distributionVersion: "12" });
    expect(installManifest?.packages.map(({ name }) => name)).toContain("git");
  });

  test("pulling what is installed says that it is ready", async () => {
    const phases: string[] = [];
    const pulled = await sdk().pyro.pullEnvironment({
      environment: "debian:12",
      onProgress: ({ phase }) => void phases.push(phase),
    });
    expect(pulled).toMatchObject({ name: "debian:12", installed: true, source: "packages" });
    expect(phases.at(-1)).toBe("ready");
  });

  test("doctor says that guests can start", async () => {
    const report = await sdk().pyro.doctor({ environment: "debian:12" });
    expect(report).toMatchObject({
      runtimeOk: true,
      engine: { name: "gvisor", securityBoundary: true },
      runtime: { capabilities: { supportsVmBoot: true, supportsGuestExec: true } },
      dailyLoop: { environment: "debian:12" },
    });
  });

  test("prepare makes it warm, and the second time it is", async () => {
    expect(await sdk().pyro.prepare()).toMatchObject({
      environment: "debian:12",
      state: "warm",
      reused: false,
    });
    expect(await sdk().pyro.prepare()).toMatchObject({ state: "warm", reused: true, steps: [] });
  });
});
