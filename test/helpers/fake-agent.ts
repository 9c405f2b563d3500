// Agents that misbehave: test/fixtures/fake-agent, built with the real agent's module and generated code.

import { createHash } from "node:crypto";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import { runProcess } from "../../src/platform/processes.js";

/** `silent` never dials; `mute` dials and answers nothing; the others answer Hello wrongly. */
export type AgentFault = "silent" | "mute" | "other-protocol" | "other-token";

const SOURCE = path.join(PACKAGE_ROOT, "test", "fixtures", "fake-agent", "main.go");
const BUILD_TIMEOUT_MS = 120_000;
const Manifest = z.record(z.string(), z.object({ version: z.string(), sha256: z.string() }));

/** Builds the agent with this fault into `directory` and returns its path. */
export async function buildFakeAgent(directory: string, fault: AgentFault): Promise<string> {
  const moduleDir = path.join(PACKAGE_ROOT, "agent");
  const target = path.join(directory, `agent-${fault}`);
  // An overlay puts the file into the module without a trace in the tree.
  const overlay = path.join(directory, "overlay.json");
  const placed = path.join(moduleDir, "cmd", "fake-agent", "main.go");
  await writeFile(overlay, JSON.stringify({ Replace: { [placed]: SOURCE } }));
  const flags = ["-overlay", overlay, "-ldflags", `-s -w -X main.behaviour=${fault}`];
  const result = await runProcess(
    ["go", "build", "-C", moduleDir, ...flags, "-o", target, "./cmd/fake-agent"],
    {
      env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "/", CGO_ENABLED: "0" },
      timeoutMs: BUILD_TIMEOUT_MS,
    },
  );
  if (result.exitCode !== 0) throw new Error(`the fake agent does not build: ${result.stderr}`);
  return target;
}

/** Puts a program into a copied `libexec`, with its digest in the manifest. */
export async function replaceProgram(
  libexec: string,
  name: "runsc" | "pyro-agent",
  file: string,
): Promise<void> {
  const manifestFile = path.join(libexec, "manifest.json");
  const manifest = Manifest.parse(JSON.parse(await readFile(manifestFile, "utf8")));
  const target = path.join(libexec, name);
  // Removed first: the copy's files are links to the package's own.
  await rm(target, { force: true });
  await copyFile(file, target);
  const sha256 = createHash("sha256")
    .update(await readFile(target))
    .digest("hex");
  await rm(manifestFile);
  await writeFile(manifestFile, JSON.stringify({ ...manifest, [name]: { version: "fake", sha256 } }));
}
