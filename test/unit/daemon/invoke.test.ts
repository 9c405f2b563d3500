import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import type { CallContext, Handlers } from "../../../src/daemon/handler.js";
import { handlers } from "../../../src/daemon/handlers/handlers.js";
import { invoke } from "../../../src/daemon/invoke.js";
import { openLog } from "../../../src/daemon/log.js";
import { openServices } from "../../../src/daemon/open-services.js";
import { resolveStatePaths } from "../../../src/platform/state-paths.js";
import { makeSettings } from "../helpers/settings.js";

const PRUNED = { deleted_environment_dirs: [], count: 0, freed_bytes: 0 };

/** A daemon's funnel with real services, and the handlers that a test puts in. */
async function makeFunnel(own: Partial<Handlers>) {
  const settings = await makeSettings();
  await mkdir(settings.stateDir);
  const file = path.join(settings.stateDir, "log");
  const log = openLog(file, "debug");
  const services = openServices(settings, resolveStatePaths(settings), log);
  const funnel = { services, handlers: { ...handlers, ...own }, log };
  return { funnel, readLog: () => readFile(file, "utf8") };
}

function makeContext(signal = new AbortController().signal): CallContext {
  return { signal, onEvent: () => undefined, stdin: undefined };
}

test("a handler gets the parsed input with its defaults, and its result is the answer", async () => {
  const seen: unknown[] = [];
  const { funnel, readLog } = await makeFunnel({
    vm_run: (_services, input) => {
      seen.push(input);
      return Promise.reject(new PyroError("conflict", "far enough"));
    },
    env_prune: () => Promise.resolve(PRUNED),
  });
  expect(await invoke(funnel, "env_prune", {}, makeContext())).toEqual(PRUNED);
  await expect(invoke(funnel, "vm_run", { command: ["true"] }, makeContext())).rejects.toThrow("far enough");
  expect(seen).toMatchObject([
    { command: ["true"], environment: "debian:12", vcpu_count: 1, mem_mib: 1024, timeout_seconds: 30 },
  ]);
  expect(await readLog()).toMatch(/ call operation=env_prune outcome=ok duration_ms=\d+\n/);
});

test("an invalid input never reaches the handler", async () => {
  const { funnel, readLog } = await makeFunnel({ env_prune: () => Promise.reject(new Error("reached")) });
  await expect(invoke(funnel, "env_prune", { force: true }, makeContext())).rejects.toMatchObject({
    code: "invalid_input",
    message: "unknown argument: force",
  });
  expect(await readLog()).toContain("operation=env_prune outcome=invalid_input");
});

describe("a failure", () => {
  test("of the catalogue passes unchanged", async () => {
    const failure = new PyroError("environment_in_use", "it is in use");
    const { funnel, readLog } = await makeFunnel({ env_prune: () => Promise.reject(failure) });
    await expect(invoke(funnel, "env_prune", {}, makeContext())).rejects.toBe(failure);
    expect(await readLog()).not.toContain(" failure ");
  });

  test("of another kind becomes internal, and the log says where and through what it came", async () => {
    const failure = new TypeError("x is not a function", { cause: new Error("the root") });
    const { funnel, readLog } = await makeFunnel({ env_prune: () => Promise.reject(failure) });
    const call = invoke(funnel, "env_prune", {}, makeContext());
    await expect(call).rejects.toMatchObject({
      code: "internal",
      message: "x is not a function",
      cause: failure,
    });
    expect(await readLog()).toMatch(
      / failure operation=env_prune message="x is not a function"[^]* stack\n[^]*invoke\.test[^]*caused by Error: the root/,
    );
  });

  test("after the caller went away is a cancellation, whatever the handler threw", async () => {
    const controller = new AbortController();
    const { funnel, readLog } = await makeFunnel({
      env_prune: () => {
        controller.abort();
        return Promise.reject(new Error("ECONNRESET"));
      },
    });
    await expect(invoke(funnel, "env_prune", {}, makeContext(controller.signal))).rejects.toMatchObject({
      code: "cancelled",
    });
    expect(await readLog()).toContain("outcome=cancelled");
  });

  test("after the daemon was told to stop carries the daemon's reason", async () => {
    const reason = new PyroError("daemon_unavailable", "the daemon was stopped during the call");
    const { funnel } = await makeFunnel({ env_prune: () => Promise.reject(new Error("aborted")) });
    await expect(invoke(funnel, "env_prune", {}, makeContext(AbortSignal.abort(reason)))).rejects.toBe(
      reason,
    );
  });
});
