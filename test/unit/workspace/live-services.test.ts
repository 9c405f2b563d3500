import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { HostPorts } from "../../../src/workspace/services/host-ports.js";
import { LiveServices, type ServiceStart } from "../../../src/workspace/services/live-services.js";
import { ServiceRecords } from "../../../src/workspace/services/service-records.js";
import { playAgent } from "../guest/played-agent.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const SIGNAL = new AbortController().signal;
const WEB: ServiceStart = {
  name: "web",
  argv: ["serve"],
  cwd: "/workspace",
  secretEnv: {},
  ready: undefined,
  shownCommand: "serve",
  shownCwd: "/workspace",
  readiness: { type: "none", target: null, timeoutSeconds: 1, intervalMs: 100 },
  ports: [],
};

/** An agent whose services run at once; the names of those that it was told to stop. */
async function playServices(onStart: () => void) {
  const stopped: string[] = [];
  const service = { name: "web", run: 1n, startedNs: 1n };
  const { agent } = await playAgent({
    supervisor: {
      watchServices: async function* (_, { signal }) {
        yield { services: [] };
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
      startService: () => {
        onStart();
        return { service: { ...service, state: "ready", readyNs: 1n } };
      },
      stopService: ({ name }) => {
        stopped.push(name);
        return { service: { ...service, state: "stopped", endedNs: 2n } };
      },
    },
  });
  return { agent, stopped };
}

test("a service whose start cannot be recorded does not run on", async () => {
  const life = await makeTempDirectory();
  await writeFile(path.join(life, "services"), "no directory");
  const { agent, stopped } = await playServices(() => undefined);
  const services = new LiveServices({
    agent,
    records: new ServiceRecords(life),
    hostPorts: new HostPorts(),
    owner: "a test",
    onChange: () => undefined,
    onFailure: () => undefined,
  });
  await expect(services.start(WEB, () => undefined, SIGNAL)).rejects.toThrow();
  expect(stopped).toEqual(["web"]);
  await services.close();
});

test("a start that was given up when it had begun leaves no service", async () => {
  const given = new AbortController();
  const { agent, stopped } = await playServices(() => given.abort());
  const services = new LiveServices({
    agent,
    records: new ServiceRecords(await makeTempDirectory()),
    hostPorts: new HostPorts(),
    owner: "a test",
    onChange: () => undefined,
    onFailure: () => undefined,
  });
  await expect(services.start(WEB, () => undefined, given.signal)).rejects.toThrow();
  expect(stopped).toEqual(["web"]);
  await services.close();
});
