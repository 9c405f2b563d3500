// Services: how they get ready, what they write, how they end.

import { describe, expect, test } from "vitest";
import { startService } from "../helpers/services.js";
import { useClient } from "../helpers/use-client.js";
import { COUNT_SLEEPS, createWorkspace, sh } from "../helpers/workspace.js";

/** Answers 503 twice, then redirects; binds late, to IPv6 alone. */
const LATE_HTTP = `
import http.server, socket, time
class Late(http.server.BaseHTTPRequestHandler):
    looks = 0
    def do_GET(self):
        Late.looks += 1
        self.send_response(503 if Late.looks < 3 else 302)
        self.end_headers()
class Six(http.server.HTTPServer):
    address_family = socket.AF_INET6
time.sleep(0.3)
Six(("::1", 8123), Late).serve_forever()
`;

describe("a service", () => {
  const connected = useClient();
  let id = "";

  test("is ready when its file, its port, its page or its command says so", async () => {
    const { client } = connected();
    ({ workspace_id: id } = await createWorkspace(client, { environment: "debian:12", name: "shop" }));
    const script = "sleep 0.2; touch ready.txt; exec sleep 1000";
    const byFile = startService(client, id, "by-file", script, { ready_file: "ready.txt" });
    const byCommand = startService(client, id, "by-command", "exec sleep 1000", {
      ready_command: "test -e ready.txt",
      ready_interval_ms: 50,
    });
    await client.invoke("workspace_file_write", { workspace_id: id, path: "late.py", text: LATE_HTTP });
    const byPage = startService(client, id, "by-page", "exec python3 late.py", {
      ready_http: "http://localhost:8123/health",
      ready_interval_ms: 50,
    });
    for (const started of await Promise.all([byFile, byCommand, byPage])) {
      expect(started).toMatchObject({ state: "running", stop_reason: null, exit_code: null, problem: null });
      expect(started.ready_at ?? 0).toBeGreaterThanOrEqual(started.started_at);
      expect(started.log_tail).toBeUndefined();
    }
    const byPort = await startService(client, id, "by-port", "exec sleep 1000", {
      ready_tcp: "127.0.0.1:8123",
    });
    expect(byPort).toMatchObject({ state: "running", readiness: { type: "tcp", target: "8123" } });
    const listed = await client.invoke("service_list", { workspace_id: id });
    expect(listed).toMatchObject({ count: 4, running_count: 4 });
    expect(listed.services.map((each) => each.service_name)).toEqual([
      "by-command",
      "by-file",
      "by-page",
      "by-port",
    ]);
    expect(await client.invoke("workspace_status", { workspace_id: id })).toMatchObject({
      service_count: 4,
      running_service_count: 4,
    });
    for (const { service_name } of listed.services) {
      const stopped = await client.invoke("service_stop", { workspace_id: id, service_name });
      expect(stopped).toMatchObject({ state: "stopped", stop_reason: "explicit_stop", pid: null });
    }
    expect(await sh(client, id, COUNT_SLEEPS)).toBe("0\n");
  });

  test("that dies, hangs or cannot run before it is ready has failed, with the end of its log", async () => {
    const { client, pyro } = connected();
    const died = await startService(client, id, "dies", "echo out; echo no config >&2; exit 3", {
      ready_tcp: 7,
    });
    expect(died).toMatchObject({
      state: "failed",
      stop_reason: "exited_before_ready",
      exit_code: 3,
      log_tail: { stdout: "out\n", stderr: "no config\n" },
    });
    const missing = await client.invoke("service_start", {
      workspace_id: id,
      service_name: "missing",
      command: ["no-such-program"],
    });
    expect(missing).toMatchObject({ state: "failed", stop_reason: "could_not_start", exit_code: 127 });
    expect(missing.log_tail?.stderr).toContain("command not found");
    const flags = ["--ready-file", "never", "--ready-timeout-seconds", "1"];
    const hung = await pyro.run([
      ...["workspace", "service", "start", "shop", "hangs", ...flags],
      ...["--", "sh", "-c", "echo waiting; exec sleep 1000"],
    ]);
    expect(hung.status).toBe(6);
    expect(hung.stderr).toContain("  waiting\n[workspace-service-start]");
    expect(hung.stderr).toContain("stop_reason=readiness_timeout");
    expect(await sh(client, id, COUNT_SLEEPS)).toBe("0\n");
    const failed = await pyro.run([
      "workspace",
      "service",
      "start",
      "shop",
      "fails",
      "--ready-tcp",
      "7",
      "--",
      "false",
    ]);
    expect(failed.status).toBe(1);
  });

  test("is all that its process has started: one that forks away runs on, and is stopped whole", async () => {
    const { client } = connected();
    const script = "setsid sleep 1000 & (sleep 1000 &) ; touch forked; exit 0";
    const forked = await startService(client, id, "forks", script, { ready_file: "forked" });
    expect(forked).toMatchObject({ state: "running" });
    await expect.poll(() => sh(client, id, COUNT_SLEEPS)).toBe("2\n");
    const stopped = await client.invoke("service_stop", { workspace_id: id, service_name: "forks" });
    expect(stopped).toMatchObject({ state: "stopped", exit_code: null, pid: null });
    expect(await sh(client, id, COUNT_SLEEPS)).toBe("0\n");
  });

  test("that ignores TERM is killed, and what it says goes to its log to the end", async () => {
    const { client } = connected();
    const script = "trap 'echo not now' TERM; touch set; sleep 1000 & while :; do wait; done";
    await startService(client, id, "stubborn", script, { ready_file: "set" });
    const stopped = await client.invoke("service_stop", { workspace_id: id, service_name: "stubborn" });
    expect(stopped).toMatchObject({ state: "stopped", exit_code: 137 });
    const log = await client.invoke("service_logs", { workspace_id: id, service_name: "stubborn" });
    expect(log.stdout).toContain("not now\n");
    expect(await sh(client, id, COUNT_SLEEPS)).toBe("0\n");
  });

  test("that ends by itself says how, and its log is followed until then", async () => {
    const { client } = connected();
    const script = "echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; echo three >&2; exit 7";
    await startService(client, id, "short", script);
    let seen = "";
    const followed = await client.invoke(
      "service_logs",
      { workspace_id: id, service_name: "short", follow: true },
      {
        onEvent: async (event) => {
          if (event.type === "progress") return;
          seen += Buffer.from(event.data).toString();
          if (seen === "one\n") await sh(client, id, "touch go");
        },
      },
    );
    expect(seen.split("\n").sort()).toEqual(["", "one", "three", "two"]);
    expect(followed).toMatchObject({ state: "exited", stop_reason: "exited", exit_code: 7, stdout: "" });
    const log = await client.invoke("service_logs", {
      workspace_id: id,
      service_name: "short",
      tail_lines: 1,
    });
    expect(log).toMatchObject({ stdout: "two\n", stderr: "three\n", tail_lines: 1, truncated: true });
    const again = await client.invoke("service_stop", { workspace_id: id, service_name: "short" });
    expect(again).toMatchObject({ state: "exited", exit_code: 7 });
  });

  test("that floods its log costs bounded disk, and the end of it is kept", async () => {
    const { client } = connected();
    const script = "head -c 40000000 /dev/zero | tr '\\0' x | fold -w 99; echo; echo the end";
    await startService(client, id, "flood", script);
    await client.invoke("service_logs", {
      workspace_id: id,
      service_name: "flood",
      follow: true,
      tail_lines: 1,
    });
    const log = await client.invoke("service_logs", { workspace_id: id, service_name: "flood", all: true });
    expect(log).toMatchObject({ state: "exited", exit_code: 0, truncated: true, tail_lines: null });
    expect(log.stdout.endsWith("\nthe end\n")).toBe(true);
    expect(log.stdout.length).toBeGreaterThan(2 * 1024 * 1024 - 100_000);
    expect(log.stdout.length).toBeLessThanOrEqual(4 * 1024 * 1024);
    const kilobytes = Number((await sh(client, id, "du -sk /var/lib/pyro/services/flood")).split("\t")[0]);
    expect(kilobytes).toBeLessThan(5 * 1024);
  });

  test("has a name of its own while it runs, one readiness, and paths and ports of the guest", async () => {
    const { client } = connected();
    await startService(client, id, "only", "exec sleep 1000");
    await expect(startService(client, id, "only", "true")).rejects.toMatchObject({ code: "conflict" });
    const refused = (input: Parameters<typeof startService>[4]) =>
      expect(startService(client, id, "odd", "true", input)).rejects.toMatchObject({ code: "invalid_input" });
    await refused({ ready_tcp: 80, ready_file: "x" });
    await refused({ ready_tcp: "example.org:80" });
    await refused({ ready_http: "http://example.org/" });
    await refused({ ready_http: "file:///etc/passwd" });
    await refused({ service_name: "../up" });
    await refused({ cwd: "no/such/directory" });
    await refused({ published_ports: [{ guest_port: 80 }] });
    await expect(
      client.invoke("service_status", { workspace_id: id, service_name: "odd" }),
    ).rejects.toMatchObject({ code: "service_not_found" });
    await client.invoke("service_stop", { workspace_id: id, service_name: "only" });
    expect(await startService(client, id, "only", "exec sleep 1000")).toMatchObject({ state: "running" });
  });

  test("whose start is cancelled is ended", async () => {
    const { client } = connected();
    const cancel = new AbortController();
    const started = client.invoke(
      "service_start",
      { workspace_id: id, service_name: "unwanted", command: "exec sleep 999", ready_file: "never" },
      {
        signal: cancel.signal,
        onEvent: (event) => {
          if (event.type === "progress" && event.fields["phase"] === "get_ready") cancel.abort();
        },
      },
    );
    await expect(started).rejects.toMatchObject({ code: "cancelled" });
    await expect
      .poll(() => client.invoke("service_status", { workspace_id: id, service_name: "unwanted" }), {
        timeout: 15_000,
      })
      .toMatchObject({ state: "stopped", stop_reason: "cancelled" });
  });

  test("is stopped with its workspace, and its record and log are there until the reset", async () => {
    const { client } = connected();
    const script = "trap 'echo saved; exit 0' TERM; echo up; touch up; sleep 1000 & wait";
    await startService(client, id, "kept", script, { ready_file: "up" });
    await client.invoke("workspace_stop", { workspace_id: id });
    const look = () => client.invoke("service_logs", { workspace_id: id, service_name: "kept" });
    const stopped = {
      state: "stopped",
      stop_reason: "workspace_stopped",
      exit_code: 0,
      stdout: "up\nsaved\n",
    };
    expect(await look()).toMatchObject(stopped);
    const listed = await client.invoke("workspace_list", {});
    expect(listed.workspaces).toMatchObject([{ state: "stopped", running_service_count: 0 }]);
    await client.invoke("workspace_start", { workspace_id: id });
    expect(await look()).toMatchObject(stopped);
    const summary = await client.invoke("workspace_summary", { workspace_id: id });
    expect(summary.services).toContainEqual({ service_name: "kept", state: "stopped" });
    expect(await startService(client, id, "kept", script)).toMatchObject({ state: "running" });
    await client.invoke("workspace_reset", { workspace_id: id });
    expect(await client.invoke("service_list", { workspace_id: id })).toMatchObject({ count: 0 });
    await expect(look()).rejects.toMatchObject({ code: "service_not_found" });
  });
});
