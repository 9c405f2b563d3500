// docs/use-cases/untrusted-inspection.md: read suspicious code, run it where it can do no harm, take the report out.

import { once } from "node:events";
import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { z } from "zod";
import type { Smoke } from "./smoke.js";

/** What install.py says that it would have got. */
const Report = z.object({
  keys: z.array(z.string()),
  secret_variables: z.array(z.string()),
  collector: z.string(),
});

/** Tools for other work than a look. */
const ABSENT = ["vm_run", "workspace_sync_push", "workspace_file_write", "workspace_patch_apply"];

export const UNTRUSTED_INSPECTION: Smoke = {
  name: "untrusted-inspection",
  async run(stage) {
    // Bait, where the server runs: what the code is after.
    const key = path.join(stage.home, ".ssh", "id_ed25519");
    await mkdir(path.dirname(key), { recursive: true });
    await writeFile(key, "bait\n");
    const agent = await stage.connect(["--mode", "inspect", "--no-project-source"], { DEPLOY_TOKEN: "bait" });
    stage.prove(
      !ABSENT.some((name) => agent.tools.includes(name)),
      `${agent.tools.length} tools, none of them for editing`,
    );
    const refused = await agent.callInVain("workspace_create", { network_policy: "egress" });
    stage.prove(refused === "invalid_input", "a model that asks for a network is refused");

    const seed_path = stage.project;
    const { workspace_id, network_enabled } = await agent.call("workspace_create", { seed_path });
    stage.prove(!network_enabled, "the workspace has no network");
    const { content } = await agent.call("workspace_file_read", { workspace_id, path: "install.py" });
    stage.prove(content.includes(".ssh/id_ed25519"), "the code is read before anything of it runs");

    const exec = (command: string) => agent.call("workspace_exec", { workspace_id, command });
    const installed = await exec("python3 install.py");
    const isRun = installed.exit_code === 0 && installed.execution_mode === "guest";
    stage.prove(isRun, "it runs to its end, in a guest");
    const output_path = path.join(stage.directory, "report.json");
    await agent.call("workspace_export", { workspace_id, path: "report.json", output_path });
    const report = Report.parse(JSON.parse(await readFile(output_path, "utf8")));
    stage.prove(report.keys.length === 0, "it found no key, though the user's home has one");
    stage.prove(report.secret_variables.length === 0, "it found no secret in its environment variables");
    stage.prove(report.collector !== "connected", `it could not reach its collector: ${report.collector}`);

    const marker = path.join("/var/tmp", path.basename(stage.directory));
    stage.prove(
      (await exec(`echo 1 > ${marker}`)).exit_code === 0,
      "as root of its guest it writes anywhere",
    );
    stage.prove(await isAbsent(marker), "and nothing of that is on the host");
    await using door = await Door.open();
    const knock = await exec(
      `python3 -c 'import socket; socket.create_connection(("127.0.0.1", ${door.port}))'`,
    );
    stage.prove(
      knock.exit_code !== 0 && door.knocks === 0,
      "it reaches no port of the host's loopback either",
    );

    const again = { workspace_id, path: "report.json", output_path };
    const code = await agent.callInVain("workspace_export", again);
    stage.prove(code === "export_refused", "an export replaces no file of the host");
    const { commands } = await agent.call("workspace_summary", { workspace_id });
    stage.prove(commands.total === 3, `the summary tells of all ${commands.total} commands`);
    await agent.call("workspace_delete", { workspace_id });
    await stage.proveProjectUntouched();
  },
};

async function isAbsent(file: string): Promise<boolean> {
  return access(file).then(
    () => false,
    () => true,
  );
}

/** A server on the host's loopback that counts who comes. */
class Door implements AsyncDisposable {
  knocks = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => {
      this.knocks += 1;
      socket.destroy();
    });
  }

  static async open(): Promise<Door> {
    const door = new Door();
    door.#server.listen(0, "127.0.0.1");
    await once(door.#server, "listening");
    return door;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("the door is not open");
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}
