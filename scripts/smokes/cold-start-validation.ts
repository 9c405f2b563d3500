// docs/use-cases/cold-start-validation.md: does a project come up by its own documents, on a machine that has never
// seen it, and what is missing in them?

import path from "node:path";
import { readFile } from "node:fs/promises";
import type { Agent } from "./agent.js";
import type { Smoke } from "./smoke.js";

/** As the project's README has it, which forgets that something has to be built first. */
const SERVE = "python3 server.py --port 8080";
const TESTS = "python3 -m unittest";
const BUILD = "python3 build.py";
const GUEST_PORT = 8080;
const READY = { ready_http: `http://127.0.0.1:${GUEST_PORT}/health` };

export const COLD_START_VALIDATION: Smoke = {
  name: "cold-start-validation",
  async run(stage) {
    const agent = await stage.connect(["--mode", "cold-start"]);
    const created = await agent.call("workspace_create", { network_policy: "egress+published-ports" });
    const { workspace_id, workspace_seed: seed } = created;
    stage.prove(
      seed.mode === "directory",
      `the workspace has the project as Git sees it, ${seed.entry_count} entries`,
    );
    const { content } = await agent.call("workspace_file_read", { workspace_id, path: "README.md" });
    stage.prove(content.includes(SERVE), "its README says how to run it");
    const run = (command: string) => agent.call("workspace_exec", { workspace_id, command });

    stage.prove((await run(TESTS)).exit_code !== 0, "by the README alone the tests fail");
    const failed = await serve(agent, workspace_id);
    const isExplained = failed.state === "failed" && failed.log_tail?.stderr.includes("build.py") === true;
    stage.prove(
      isExplained,
      "and the server dies before it is ready; its log names the step that is missing",
    );

    const { reset_count: resets } = await agent.call("workspace_reset", { workspace_id });
    stage.prove(resets === 1, "a reset makes it the fresh machine that it was");
    stage.prove((await run(BUILD)).exit_code === 0, `with ${BUILD} first`);
    stage.prove((await run(TESTS)).exit_code === 0, "the tests pass");
    const service = await serve(agent, workspace_id);
    const isReady = service.state === "running" && service.ready_at !== null;
    stage.prove(isReady && service.execution_mode === "guest", "and the server comes up, in a guest");
    const [port] = service.published_ports;
    const url = `http://127.0.0.1:${port?.host_port ?? 0}/`;
    stage.prove((await fetchText(url)).includes("Harbour"), "it is reached from the host, on 127.0.0.1");
    const { stdout, stderr } = await agent.call("service_logs", { workspace_id, service_name: "web" });
    stage.prove(`${stdout}${stderr}`.includes('"GET / HTTP/1.1" 200'), "its log has the request");

    const output_path = path.join(stage.directory, "departures.json");
    await agent.call("workspace_export", { workspace_id, path: "departures.json", output_path });
    const exported = await readFile(output_path, "utf8");
    stage.prove(exported.includes("Harbour"), "what was built is brought to the host");
    const { commands, services } = await agent.call("workspace_summary", { workspace_id });
    const isTold = commands.total === 2 && services.length === 1;
    stage.prove(isTold, "the summary tells of the two commands and the service that were enough");

    await agent.call("service_stop", { workspace_id, service_name: "web" });
    const isClosed = await fetchText(url).then(
      () => false,
      () => true,
    );
    stage.prove(isClosed, "when the service is stopped the port is closed");
    await agent.call("workspace_delete", { workspace_id });
    await stage.proveProjectUntouched();
  },
};

function serve(agent: Agent, workspace_id: string) {
  return agent.call("service_start", {
    workspace_id,
    service_name: "web",
    command: SERVE,
    published_ports: [{ guest_port: GUEST_PORT }],
    ...READY,
  });
}

async function fetchText(url: string): Promise<string> {
  return (await fetch(url)).text();
}
