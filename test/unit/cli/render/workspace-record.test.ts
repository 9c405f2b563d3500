// The human form of a workspace: one label a line, and no line that a value could forge.

import { describe, expect, test } from "vitest";
import { render } from "../../../../src/cli/render/render.js";
import { makeWorkspaceRecord, WORKSPACE_ID } from "./workspace-results.js";

describe("a workspace", () => {
  test("begins with its id; what is empty is left out", () => {
    expect(render("workspace_create", makeWorkspaceRecord())).toEqual({
      stdout: [
        `Workspace ID: ${WORKSPACE_ID}`,
        "Environment: debian:12 (1)",
        "State: started",
        "Execution mode: guest",
        "Engine: gvisor on systrap",
        "CPUs: 1",
        "Memory: 1024 MiB",
        "Workspace path: /workspace",
        "Seed: none",
        "Network policy: off",
        "Created: 1970-01-01 00:00:00 UTC",
        "Last activity: 1970-01-01 00:01:00 UTC",
        "Expires: 1970-01-01 04:01:00 UTC",
        "Commands: 0",
        "Snapshots: 0",
        "Disk use: 2.0 KiB",
        "",
      ].join("\n"),
    });
  });

  test("shows where its seed came from, and what was left out of it", () => {
    const seed = {
      ...makeWorkspaceRecord().workspace_seed,
      mode: "directory" as const,
      origin_kind: "git" as const,
      origin_ref: "main@1a2b3c4",
      seed_path: "/home/u/project",
      entry_count: 7,
      bytes_written: 2048,
      skipped: [{ path: "a.sock", reason: "a socket" }],
      skipped_count: 3,
    };
    const { stdout } = render("workspace_status", makeWorkspaceRecord({ workspace_seed: seed }));
    expect(stdout).toContain("Seed: /home/u/project (git main@1a2b3c4, 7 entries, 2.0 KiB)\n");
    expect(stdout).toContain("Skipped: 3 of the seed's paths\n  a.sock: a socket\n");
  });

  test("shows how it fares", () => {
    const { stdout } = render(
      "workspace_status",
      makeWorkspaceRecord({
        labels: { issue: "42", state: "open" },
        last_command: {
          sequence: 9,
          command: "make test",
          cwd: "/workspace",
          exit_code: 2,
          duration_ms: 12.4,
          execution_mode: "guest",
        },
        reset_count: 2,
        last_reset_at: 0,
        memory_bytes: 1024 ** 2,
        recovered_at: 0,
        last_error: "the guest ran out of memory",
      }),
    );
    expect(stdout).toContain("Labels: issue=42, state=open\n");
    expect(stdout).toContain("Last command: 9, exit_code=2, 12 ms: make test\n");
    expect(stdout).toContain("Resets: 2, the last at 1970-01-01 00:00:00 UTC\n");
    expect(stdout).toContain("Memory use: 1.0 MiB\n");
    expect(stdout).toContain("Recovered: 1970-01-01 00:00:00 UTC\n");
    expect(stdout).toContain("Last error: the guest ran out of memory\n");
  });

  test("that runs on the host says so", () => {
    const engine = { name: "host_compat", platform: "host", security_boundary: false };
    const { stdout } = render(
      "workspace_start",
      makeWorkspaceRecord({ engine, execution_mode: "host_compat" }),
    );
    expect(stdout).toContain("Execution mode: host_compat\nEngine: host_compat on host, WITHOUT ISOLATION\n");
  });

  test("cannot forge a line by a label, a path or a command", () => {
    const forged = "x\nState: stopped\r\n";
    const base = makeWorkspaceRecord();
    const { stdout } = render("workspace_status", {
      ...base,
      labels: { a: forged },
      last_error: forged,
      workspace_seed: {
        ...base.workspace_seed,
        mode: "directory",
        seed_path: forged,
        skipped: [{ path: forged, reason: forged }],
        skipped_count: 1,
      },
    });
    expect(stdout?.match(/^State: /gm)).toHaveLength(1);
  });
});

test.each([
  ["workspace_update", "Updated workspace ID"],
  ["workspace_stop", "Stopped workspace ID"],
  ["workspace_start", "Started workspace ID"],
] as const)("%s says what was done", (id, label) => {
  expect(render(id, makeWorkspaceRecord()).stdout).toMatch(new RegExp(`^${label}: ${WORKSPACE_ID}\n`));
});

test.each([
  [7, "Reset to: deps (7 entries, 1.0 KiB)\n"],
  [null, "Reset to: deps (1.0 KiB)\n"],
])("a reset says to what: %j entries", (count, line) => {
  const { stdout } = render("workspace_reset", {
    ...makeWorkspaceRecord(),
    workspace_reset: {
      snapshot_name: "deps",
      kind: "named",
      destination: "/workspace",
      entry_count: count,
      bytes_written: 1024,
    },
  });
  expect(stdout).toMatch(new RegExp(`^Reset workspace ID: ${WORKSPACE_ID}\n`));
  expect(stdout).toContain(line);
});

test("a deletion is one line", () => {
  const result = { workspace_id: WORKSPACE_ID, deleted: true, reason: "explicit_delete" };
  expect(render("workspace_delete", result)).toEqual({ stdout: `Deleted workspace ID: ${WORKSPACE_ID}\n` });
});

describe("a list", () => {
  const entry = {
    workspace_id: WORKSPACE_ID,
    name: null,
    labels: {},
    environment: "debian:12",
    state: "stopped" as const,
    created_at: 0,
    last_activity_at: 0,
    expires_at: 0,
    command_count: 2,
    service_count: 0,
    running_service_count: 0,
    disk_bytes: 4096,
    problem: null,
  };

  test("has one line for each, with its disk use", () => {
    const { stdout } = render("workspace_list", {
      count: 2,
      workspaces: [
        { ...entry, name: "fix-parser", labels: { issue: "42" } },
        { ...entry, problem: "its record is damaged" },
      ],
    });
    expect(stdout?.split("\n")).toEqual([
      `[workspace] workspace_id=${WORKSPACE_ID} name=fix-parser state=stopped environment=debian:12 labels=issue=42 commands=2 disk_bytes=4096 last_activity="1970-01-01 00:00:00 UTC" expires="1970-01-01 00:00:00 UTC"`,
      `[workspace] workspace_id=${WORKSPACE_ID} state=stopped environment=debian:12 commands=2 disk_bytes=4096 last_activity="1970-01-01 00:00:00 UTC" expires="1970-01-01 00:00:00 UTC" problem="its record is damaged"`,
      "",
    ]);
  });

  test("of none says so", () => {
    expect(render("workspace_list", { count: 0, workspaces: [] }).stdout).toBe("No workspaces.\n");
  });

  test("stays one line for each, whatever a name holds", () => {
    const name = 'a\n[workspace] workspace_id="ws_forged"\r';
    const { stdout } = render("workspace_list", { count: 1, workspaces: [{ ...entry, name }] });
    expect(stdout?.trimEnd().split(/[\n\r]/)).toHaveLength(1);
  });
});
