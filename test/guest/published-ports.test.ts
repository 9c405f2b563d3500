// Published ports: what is carried, who holds them, and when they are free again.

import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { connectClient, findMachineId, findSandbox } from "../helpers/connected-client.js";
import { killDaemon } from "../helpers/daemon.js";
import {
  ask,
  dial,
  isFree,
  publishServer,
  readAtLeast,
  startService,
  writePortServer,
} from "../helpers/services.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace, sh } from "../helpers/workspace.js";

const POLICY = { environment: "debian:12", network_policy: "egress+published-ports" } as const;
const MIB = 1024 * 1024;
const EXIT_TIMEOUT_MS = 10_000;

const containing = (text: string): unknown => expect.stringContaining(text);

describe("a published port", () => {
  const connected = useClient();
  let id = "";
  let port = 0;

  test("carries bytes both ways to their ends, to IPv4 and to IPv6 listeners", async () => {
    const { client } = connected();
    ({ workspace_id: id } = await createWorkspace(client, { ...POLICY, name: "ports" }));
    await writePortServer(client, id);
    port = await publishServer(client, id);
    const large = Buffer.concat([Buffer.from("COUNT\n"), Buffer.alloc(8 * MIB, "y")]);
    expect((await ask(port, large)).toString()).toBe(`${8 * MIB}\n`);
    expect(await ask(port, `SEND ${8 * MIB}\n`, { end: false })).toHaveLength(8 * MIB);
    const six = await publishServer(client, id, { name: "six", guestPort: 9006, address: "::1" });
    expect((await ask(six, "COUNT\nabc")).toString()).toBe("3\n");
  });

  test("carries an upgraded connection, a slow one, and many at once", async () => {
    const upgraded = await dial(port);
    upgraded.write("GET /socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    expect(await readAtLeast(upgraded, 30)).toContain("101 Switching Protocols");
    for (const word of ["one", "two", "three"]) {
      upgraded.write(word);
      expect(await readAtLeast(upgraded, word.length)).toBe(word);
    }
    // One side that reads nothing holds up nobody else, and gets everything when it reads.
    const slow = await dial(port);
    slow.pause().write(`SEND ${32 * MIB}\n`);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => ask(port, `COUNT\n${"z".repeat(index)}`)),
    );
    expect(answers.map(String)).toEqual(Array.from({ length: 50 }, (_, index) => `${index}\n`));
    let received = 0;
    slow.on("data", (chunk: Buffer) => (received += chunk.length)).resume();
    await once(slow, "end");
    expect(received).toBe(32 * MIB);
    slow.destroy();
    upgraded.destroy();
  });

  test("whose servers do not read holds up no command of the guest", async () => {
    const { client } = connected();
    const held = await Promise.all(Array.from({ length: 40 }, () => dial(port)));
    for (const socket of held) {
      socket
        .on("error", () => undefined)
        .write(Buffer.concat([Buffer.from("HOLD\n"), Buffer.alloc(4 * MIB)]));
      await readAtLeast(socket, 5);
    }
    expect(await sh(client, id, "echo free")).toBe("free\n");
    const large = "w".repeat(512 * 1024);
    await client.invoke("workspace_file_write", { workspace_id: id, path: "large.txt", text: large });
    for (const socket of held) socket.destroy();
  });

  test("shows a connection that breaks as broken, and one to nobody as well", async () => {
    const { client } = connected();
    await expect(ask(port, "BREAK\n", { end: false })).rejects.toMatchObject({ code: "ECONNRESET" });
    const deaf = await startService(client, id, "deaf", "exec sleep 1000", {
      published_ports: [{ guest_port: 9007 }],
    });
    await expect(ask(deaf.published_ports[0]?.host_port ?? 0, "x")).rejects.toMatchObject({
      code: "ECONNRESET",
    });
  });

  test("is refused when somebody holds it, with the holder's name, and without the policy", async () => {
    const { client } = connected();
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const host_port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const refused = (published_ports: { guest_port: number; host_port?: number }[], message: string) =>
      expect(startService(client, id, "second", "exec sleep 9", { published_ports })).rejects.toMatchObject({
        code: "conflict",
        message: containing(message),
      });
    await refused(
      [{ guest_port: 80, host_port }],
      `port ${host_port} of 127.0.0.1 is taken by process ${process.pid}`,
    );
    taken.close();
    await refused([{ guest_port: 80, host_port: port }], "is taken by the service server of ports");
    await refused([{ guest_port: 9000 }], "published already, by the service server of ports");
    await refused(
      [{ guest_port: 81 }, { guest_port: 81 }],
      "published already, by the service second of ports",
    );
    const { workspace_id } = await createWorkspace(client);
    await expect(
      startService(client, workspace_id, "web", "exec sleep 9", { published_ports: [{ guest_port: 80 }] }),
    ).rejects.toMatchObject({ code: "invalid_input", message: containing("network policy") });
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("survives a crash of the daemon, and is free when the service ends", async () => {
    const { client, pyro } = connected();
    const open = await dial(port);
    const broken = once(open, "end");
    open.resume();
    await killDaemon(client);
    await broken;
    open.destroy();
    // The threads of a killed process end one by one, and the last one closes the port.
    await expect.poll(() => isFree(port)).toBe(true);
    await connectClient(pyro);
    await expect.poll(() => ask(port, "COUNT\nabc").then(String, () => "")).toBe("3\n");
    const stopped = await client.invoke("service_stop", { workspace_id: id, service_name: "server" });
    expect(stopped.published_ports).toMatchObject([{ host_port: port }]);
    expect(await isFree(port)).toBe(true);
    expect(await publishServer(client, id, { hostPort: port })).toBe(port);
  });

  test("is free after a stop, a reset and a crash of the guest, and can be had again", async () => {
    const { client, pyro } = connected();
    await client.invoke("workspace_stop", { workspace_id: id });
    expect(await isFree(port)).toBe(true);
    expect(await publishServer(client, id, { hostPort: port })).toBe(port);
    await client.invoke("workspace_reset", { workspace_id: id });
    expect(await isFree(port)).toBe(true);

    await writePortServer(client, id);
    await publishServer(client, id, { hostPort: port });
    const sandbox = await findSandbox(pyro, await findMachineId(client, id));
    await signalProcess(sandbox, "SIGKILL");
    expect(await waitForExit(sandbox, EXIT_TIMEOUT_MS)).toBe(true);
    const look = () => client.invoke("service_status", { workspace_id: id, service_name: "server" });
    await expect
      .poll(look, { timeout: EXIT_TIMEOUT_MS })
      .toMatchObject({ state: "stopped", stop_reason: "guest_died" });
    await expect.poll(() => isFree(port)).toBe(true);

    await writePortServer(client, id);
    expect(await publishServer(client, id, { hostPort: port })).toBe(port);
    expect((await ask(port, "COUNT\nabc")).toString()).toBe("3\n");
    await client.invoke("workspace_delete", { workspace_id: id });
    expect(await isFree(port)).toBe(true);
  });
});
