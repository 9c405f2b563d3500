// Guests with a network, and guests without: what they reach, in namespaces that the test has made.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProcesses, type FoundProcess } from "../../src/platform/find-processes.js";
import { signalProcess } from "../../src/platform/process-identity.js";
import { connectClient, daemonStatus, findSandbox } from "../helpers/connected-client.js";
import { killDaemon } from "../helpers/daemon.js";
import { HOST, NetworkLab, OUTSIDE } from "../helpers/network-lab.js";
import { probe } from "../helpers/network-probe.js";
import { expectNothingLeft } from "../helpers/nothing-left.js";
import { createVm } from "../helpers/one-shot.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace, sh } from "../helpers/workspace.js";

const ENVIRONMENT = "debian:12";
const EGRESS = { environment: ENVIRONMENT, network_policy: "egress" } as const;
const REACHED = `tcp ${OUTSIDE.public} 7`;
const NAMES = {
  "well.test": [OUTSIDE.public],
  "private.test": [OUTSIDE.private],
  // Harmless when it is looked at, and then the host itself.
  "rebound.test": [OUTSIDE.public, "127.0.0.1"],
};

/** What follows a fault happens in other processes. */
const SETTLE = { timeout: 30_000 };
/** A program that holds one connection and sends what comes by one pipe, into another. */
const ECHO_LOOP = `mkfifo /tmp/say /tmp/hear
setsid bash -c 'exec 3<>/dev/tcp/${OUTSIDE.public}/7; while read -r word </tmp/say; do echo "$word" >&3; read -r back <&3; echo "$back" >/tmp/hear; done' </dev/null >/dev/null 2>&1 &
echo first >/tmp/say; cat /tmp/hear`;
const SAY_MORE = "echo more >/tmp/say; cat /tmp/hear";

const isRoot = process.geteuid?.() === 0;

// Namespaces with addresses need root; an ordinary user's guests have the same network.
describe.skipIf(!isRoot)("a guest with a network", () => {
  let lab: NetworkLab | undefined;
  beforeAll(async () => (lab = await NetworkLab.create(NAMES)));
  afterAll(async () => lab?.[Symbol.asyncDispose]());
  const connected = useClient({}, () => lab?.inside ?? []);
  const events = () => [...(lab?.outsideEvents ?? []), ...(lab?.hostEvents ?? [])];

  test("reaches the world outside by TCP, UDP and name, and nothing that is forbidden", async () => {
    const { client, pyro } = connected();
    const created = await createWorkspace(client, EGRESS);
    expect(created).toMatchObject({ network_policy: "egress", network_enabled: true, guest_ip: "10.87.0.2" });
    const { workspace_id } = created;
    const allowed = [REACHED, `udp ${OUTSIDE.public} 7`, `tcp ${OUTSIDE.ipv6} 7`];
    expect(Object.values(await probe(client, workspace_id, allowed))).toEqual([
      "reached",
      "reached",
      "reached",
    ]);
    expect(
      await probe(client, workspace_id, ["name well.test", "name nowhere.test", "tcp well.test 7"]),
    ).toEqual({
      "name well.test": OUTSIDE.public,
      "name nowhere.test": "no such name",
      "tcp well.test 7": "reached",
    });
    expect(await probe(client, workspace_id, [`tcp ${OUTSIDE.public} 9`])).toEqual({
      [`tcp ${OUTSIDE.public} 9`]: "ECONNREFUSED",
    });

    const before = events().length;
    const forbidden = [
      ...["10.87.0.1", HOST.public, HOST.private, HOST.ipv6, OUTSIDE.private, OUTSIDE.metadata],
      ...[
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "::ffff:127.0.0.1",
        `::ffff:${OUTSIDE.metadata}`,
        "0.0.0.0",
        "10.87.0.7",
      ],
      ...[
        "64:ff9b::a09:2",
        "2002:a09:2::",
        "::a09:2",
        "fe80::1",
        "255.255.255.255",
        "192.168.0.1",
        "100.64.0.1",
      ],
    ].flatMap((address) => [`tcp ${address} 7`, `udp ${address} 7`]);
    const found = await probe(client, workspace_id, forbidden, 1);
    expect(Object.entries(found).filter(([, result]) => result === "reached")).toEqual([]);
    expect(events().slice(before)).toEqual([]);

    const log = await client.invoke("network_log", { workspace_id, verdict: "refused", limit: 1000 });
    for (const address of [OUTSIDE.private, OUTSIDE.metadata, HOST.public, "10.87.0.1"]) {
      expect(log.entries).toContainEqual(expect.objectContaining({ address, port: 7, protocol: "tcp" }));
    }
    const { network, text } = await client.invoke("workspace_summary", { workspace_id });
    expect(network?.connections.allowed).toBeGreaterThanOrEqual(3);
    expect(network?.names.map(({ name }) => name)).toContain(OUTSIDE.public);
    expect(text).toContain("- Network (egress): ");
    const cli = await pyro.run(["workspace", "network", workspace_id, "--verdict", "allowed"]);
    expect(cli.stdout.toString()).toContain(
      ` verdict=allowed protocol=tcp name=well.test address=${OUTSIDE.public} port=7 `,
    );
    await client.invoke("workspace_delete", { workspace_id });
    await expectNothingLeft(pyro);
  });

  test("keeps its connections when the daemon is killed, and gets its network back when the helper is", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client, EGRESS);
    await sh(client, workspace_id, ECHO_LOOP);
    await killDaemon(client);
    await connectClient(pyro);
    const [helper, ...others] = await findHelpers(pyro);
    expect(others).toEqual([]);
    expect(await sh(client, workspace_id, SAY_MORE)).toBe("more\n");

    if (!helper) throw new Error("no helper runs");
    await signalProcess(helper, "SIGKILL");
    await expect.poll(() => probe(client, workspace_id, [REACHED]), SETTLE).toEqual({ [REACHED]: "reached" });
    expect(await sh(client, workspace_id, "cat /proc/uptime >/dev/null && echo well")).toBe("well\n");
    await client.invoke("workspace_delete", { workspace_id });
    await expectNothingLeft(pyro);
  });

  test("has it again after a reset, a stop and a death; the record goes with the life", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await createWorkspace(client, EGRESS);
    const reach = () => probe(client, workspace_id, [REACHED]);
    const count = async () => (await client.invoke("network_log", { workspace_id })).count;
    expect(await reach()).toEqual({ [REACHED]: "reached" });
    await client.invoke("workspace_reset", { workspace_id });
    expect(await count()).toBe(0);
    expect(await reach()).toEqual({ [REACHED]: "reached" });
    await client.invoke("workspace_stop", { workspace_id });
    await expect.poll(() => findHelpers(pyro), SETTLE).toEqual([]);
    await client.invoke("workspace_start", { workspace_id });
    expect(await reach()).toEqual({ [REACHED]: "reached" });
    expect(await count()).toBe(2);

    const { guests } = await daemonStatus(client);
    await signalProcess(await findSandbox(pyro, guests[0]?.machine_id ?? ""), "SIGKILL");
    const problem = async () => (await client.invoke("workspace_status", { workspace_id })).last_error;
    await expect.poll(problem, SETTLE).toContain("comes back");
    expect(await reach()).toEqual({ [REACHED]: "reached" });
    expect(await findHelpers(pyro)).toHaveLength(1);
    await client.invoke("workspace_delete", { workspace_id });
    await expectNothingLeft(pyro);
  });

  test("is told of truly by vm_network_info, and is not there without being asked for", async () => {
    const { client, pyro } = connected();
    const { vm_id } = await createVm(client, { environment: ENVIRONMENT, network: true });
    await client.invoke("vm_start", { vm_id });
    expect(await client.invoke("vm_network_info", { vm_id })).toMatchObject({
      network_enabled: true,
      outbound_connectivity_expected: true,
      reason: null,
      guest_ip: "10.87.0.2",
      gateway_ip: "10.87.0.1",
      dns_servers: ["10.87.0.1"],
    });
    const address = "ip=$(getent hosts well.test) && echo ${ip%% *}";
    expect(await client.invoke("vm_exec", { vm_id, command: address })).toMatchObject({
      stdout: `${OUTSIDE.public}\n`,
    });
    await expect.poll(() => findHelpers(pyro), SETTLE).toEqual([]);

    const { workspace_id } = await createWorkspace(client, { environment: ENVIRONMENT });
    const look = "tail -n +2 /proc/net/route; grep -c eth0 /proc/net/dev || true";
    expect(await sh(client, workspace_id, look)).toBe("0\n");
    expect(await probe(client, workspace_id, [REACHED, "name well.test"])).toEqual({
      [REACHED]: "ENETUNREACH",
      "name well.test": "no such name",
    });
    expect(await findHelpers(pyro)).toEqual([]);
    expect((await client.invoke("workspace_summary", { workspace_id })).network).toBeNull();
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("is proved by prepare as far as the policy", async () => {
    const { client } = connected();
    const prepared = await client.invoke("prepare", { environment: ENVIRONMENT, network: true });
    expect(prepared.steps.map(({ name }) => name)).toContain("network");
    expect(prepared.network_proved).toContain("refused a forbidden address");
    expect(await client.invoke("prepare", { environment: ENVIRONMENT, network: true })).toMatchObject({
      reused: true,
      network_proved: prepared.network_proved,
    });
  });
});

async function findHelpers({ settings }: TestPyro): Promise<readonly FoundProcess[]> {
  return findProcesses(([program = "", word]) => program.startsWith(settings.stateDir) && word === "network");
}
