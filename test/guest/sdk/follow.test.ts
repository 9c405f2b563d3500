// Output of services and shells as iterators: where they end, and that nothing of them goes on.

import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { Client } from "../../../src/client/client.js";
import type { Service, Shell } from "../../../src/index.js";
import { daemonStatus } from "../../helpers/connected-client.js";
import { failureOf } from "../../helpers/failure-of.js";
import { useSdk } from "./use-sdk.js";

const TICK = "while :; do echo tick; sleep 0.05; done";

/** Each follows `tick`s that do not end. */
const SOURCES = {
  "a service's log": async function* ({ service }, signal) {
    for await (const { chunk } of service.follow({ signal })) yield Buffer.from(chunk).toString();
  },
  "a shell's output": ({ shell }, signal) => shell.output({ signal }),
} as const satisfies Record<
  string,
  (source: { service: Service; shell: Shell }, signal: AbortSignal) => AsyncIterable<string>
>;

describe("output that is followed", () => {
  const sdk = useSdk();

  test("ends with an abort or a leave at any time, and leaves no call, no listener and no end of its source", async () => {
    const { pyro, cli } = sdk();
    const client = new Client(cli.settings);
    await using workspace = await pyro.createWorkspace({ environment: "debian:12-base" });
    const service = await workspace.startService({ serviceName: "ticks", command: TICK });
    const shell = await workspace.openShell();
    await shell.write(TICK);
    for (const follow of Object.values(SOURCES)) {
      const caller = new AbortController();
      const { signal } = caller;
      const drain = async (onText: (text: string) => void) => {
        for await (const text of follow({ service, shell }, signal)) onText(text);
      };
      for await (const text of follow({ service, shell }, signal)) if (text.includes("tick")) break;
      expect(getEventListeners(signal, "abort")).toEqual([]);

      const reason = new Error("enough");
      const failure = await failureOf(drain((text) => text.includes("tick") && caller.abort(reason)));
      expect(failure).toMatchObject({ code: "cancelled", cause: reason });
      expect(getEventListeners(signal, "abort")).toEqual([]);
      const late = await failureOf(drain(() => expect.unreachable("nothing comes after the abort")));
      expect(late).toMatchObject({ code: "cancelled", cause: reason });
    }
    const calls = async () => (await daemonStatus(client)).calls.map(({ operation }) => operation);
    await expect.poll(calls).toEqual([]);
    expect(await service.status()).toMatchObject({ state: "running" });
    expect(await shell.read()).toMatchObject({ state: "running" });
  });

  test("ends with its source, whole", async () => {
    const { pyro } = sdk();
    await using workspace = await pyro.createWorkspace({ environment: "debian:12-base" });
    const command = "for i in $(seq 9); do echo out-$i; echo err-$i >&2; sleep 0.02; done; exit 3";
    const service = await workspace.startService({ serviceName: "counts", command });
    const seen = { stdout: "", stderr: "" };
    for await (const { stream, chunk } of service.follow({ all: true })) {
      seen[stream] += Buffer.from(chunk).toString();
    }
    const { stdout, stderr, exitCode } = await service.logs({ all: true });
    expect(exitCode).toBe(3);
    expect(seen).toEqual({ stdout, stderr });
    expect(stderr).toMatch(/^err-1\n[^]*err-9\n$/);
  });
});
