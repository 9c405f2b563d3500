// Guests that tell of more services and shells than an agent keeps, to fill the host's memory.

import { describe, expect, test } from "vitest";
import { playAgent } from "./played-agent.js";

const SIGNAL = new AbortController().signal;

const wrong = (what: string) => ({
  code: "guest_died",
  message: `the guest's agent gave a wrong answer: more ${what} than it keeps`,
});

describe("a guest that tells without end", () => {
  test("of services with ever new names is left", async () => {
    const { agent } = await playAgent({
      supervisor: {
        watchServices: async function* () {
          await Promise.resolve();
          for (let count = 0; ; count++) {
            yield { services: [{ name: `s${count}`, run: 1n, state: "ready", startedNs: 1n }] };
          }
        },
      },
    });
    const watching = (async () => {
      let heard = 0;
      for await (const services of agent.services.watch(SIGNAL)) heard += services.length;
      return heard;
    })();
    await expect(watching).rejects.toMatchObject(wrong("services"));
  });

  test("of the same services is heard", async () => {
    const { agent } = await playAgent({
      supervisor: {
        watchServices: async function* () {
          await Promise.resolve();
          for (let count = 0; count < 200; count++) {
            yield { services: [{ name: "web", run: BigInt(count), state: "ready", startedNs: 1n }] };
          }
        },
      },
    });
    let heard = 0;
    const watching = (async () => {
      for await (const services of agent.services.watch(SIGNAL)) heard += services.length;
    })();
    await expect(watching).rejects.toThrow("no more word of its services");
    expect(heard).toBe(200);
  });

  test("of shells is not believed", async () => {
    const shells = Array.from({ length: 65 }, (_, index) => ({ shellId: `sh_${index}`, cols: 80, rows: 24 }));
    const { agent } = await playAgent({ shells: { listShells: () => ({ shells }) } });
    await expect(agent.shells.list()).rejects.toMatchObject(wrong("shells"));
  });
});
