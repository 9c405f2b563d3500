import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { describe, expect, onTestFinished, test } from "vitest";
import { createServer, type CreateServerOptions } from "../../../src/mcp/create-server.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

async function connect(options: CreateServerOptions): Promise<Client> {
  const stateDir = await makeTempDirectory();
  const [here, there] = InMemoryTransport.createLinkedPair();
  await createServer({ ...options, stateDir, noProjectSource: true }).connect(there);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(here);
  onTestFinished(() => client.close());
  return client;
}

describe("a server in a program", () => {
  test("serves the transport that it is given", async () => {
    const client = await connect({ profile: "vm-run" });
    expect(client.getServerVersion()).toMatchObject({ name: "pyro-mcp" });
    expect(client.getInstructions()).toContain("vm_run");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["vm_run"]);
  });

  test("answers a wrong call before anything is started", async () => {
    const client = await connect({});
    const answer = await client.callTool({ name: "workspace_create", arguments: { alow_host_compat: true } });
    expect(answer).toMatchObject({ isError: true, structuredContent: { error: { code: "invalid_input" } } });
  });

  test("is refused with options that contradict each other", () => {
    expect(() => createServer({ profile: "vm-run", mode: "inspect" })).toThrow("do not go together");
  });
});
