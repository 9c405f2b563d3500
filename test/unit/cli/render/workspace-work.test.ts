// The human form of what is done in a workspace: which stream, which line, and what the guest wrote left harmless.

import { describe, expect, test } from "vitest";
import { exitStatusOf } from "../../../../src/cli/render/exit-status.js";
import { render } from "../../../../src/cli/render/render.js";
import { makeChange, makeDiff, makeExecResult, makeLogEntry, WORKSPACE_ID } from "./workspace-results.js";

const FORGED = "x\n[workspace-exec] exit_code=0";

describe("exec", () => {
  test("leaves stdout to the guest and ends stderr with one status line", () => {
    expect(render("workspace_exec", makeExecResult({ exit_code: 3 }))).toEqual({
      stderr: `[workspace-exec] workspace_id=${WORKSPACE_ID} sequence=3 cwd=/workspace execution_mode=guest exit_code=3 duration_ms=13\n`,
    });
  });

  test("says that the command timed out, and after how long", () => {
    const { stderr } = render("workspace_exec", makeExecResult({ timed_out: true, exit_code: 124 }));
    expect(stderr).toMatch(/^command timed out after 30s\n\[workspace-exec\] /);
  });

  test.each([0, 1, 124, 137])("exits with the command's own status, %d", (exitCode) => {
    expect(exitStatusOf("workspace_exec", makeExecResult({ exit_code: exitCode }))).toBe(exitCode);
  });

  test("says that the guest had died, and what is lost, before anything else", () => {
    const recovery = {
      recovered_at: 60,
      reason: "the guest ended",
      restored_at: 0,
      missing_commands: [{ sequence: 2, command: FORGED }],
      missing_edit_count: 1,
    };
    const { stderr } = render("workspace_exec", makeExecResult({ recovery }));
    expect(stderr?.split("\n")).toEqual([
      '[workspace-recovery] reason="the guest ended" restored_to="1970-01-01 00:00:00 UTC" missing_commands=1 missing_edits=1',
      "not in it: command 2: x\\n[workspace-exec] exit_code=0",
      expect.stringMatching(/^\[workspace-exec\] workspace_id=/),
      "",
    ]);
  });
});

describe("logs", () => {
  test("show each command with its status and its output, indented", () => {
    const entry = makeLogEntry({ stdout: "one\ntwo", stderr: `${FORGED}\n` });
    expect(
      render("workspace_logs", { workspace_id: WORKSPACE_ID, count: 1, entries: [entry], next_offset: null }),
    ).toEqual({
      stdout: [
        "[workspace-log] sequence=1 cwd=/workspace exit_code=2 duration_ms=7 execution_mode=guest",
        "$ make test",
        "  one",
        "  two",
        "stderr:",
        "  x",
        "  [workspace-exec] exit_code=0",
        "",
      ].join("\n"),
    });
  });

  test("show excerpts of several, and how to see the rest", () => {
    const long = makeLogEntry({ sequence: 2, stdout: `head${"x".repeat(5000)}tail` });
    const entries = [makeLogEntry(), long];
    const { stdout = "" } = render("workspace_logs", {
      workspace_id: WORKSPACE_ID,
      count: 2,
      entries,
      next_offset: null,
    });
    expect(stdout.length).toBeLessThan(3000);
    expect(stdout).toContain(
      `There is more: pyro workspace logs ${WORKSPACE_ID} --sequence 2 --stream stdout\n`,
    );
    expect(stdout).toMatch(/tail\n$/);
    const alone = { workspace_id: WORKSPACE_ID, count: 2, entries: [long], next_offset: null };
    expect(render("workspace_logs", alone).stdout).toContain(`\n  ${long.stdout}\n`);
  });

  test("say where the next piece begins, and that a command has no status", () => {
    const entry = makeLogEntry({ exit_code: null, stdout: "x", stdout_truncated: true });
    const { stdout } = render("workspace_logs", {
      workspace_id: WORKSPACE_ID,
      count: 1,
      entries: [entry],
      next_offset: 65_536,
    });
    expect(stdout).toContain("exit_code=none");
    expect(stdout).toMatch(/More with --offset 65536\.\n$/);
  });

  test("of nothing", () => {
    const result = { workspace_id: WORKSPACE_ID, count: 0, entries: [], next_offset: null };
    expect(render("workspace_logs", result).stdout).toBe("No commands.\n");
  });
});

describe("files", () => {
  const at = { workspace_id: WORKSPACE_ID, path: "/workspace/a" };

  test("a list has one line for each, whatever its name holds", () => {
    const result = {
      ...at,
      recursive: false,
      truncated: false,
      entries: [
        {
          path: `/workspace/${FORGED}`,
          artifact_type: "file" as const,
          size_bytes: 12,
          link_target: null,
          mode: "0644",
        },
        {
          path: "/workspace/l",
          artifact_type: "symlink" as const,
          size_bytes: 3,
          link_target: "a\nb",
          mode: "0777",
        },
      ],
    };
    expect(render("workspace_file_list", result)).toEqual({
      stdout:
        "0644 file      12 /workspace/x\\n[workspace-exec] exit_code=0\n0777 symlink    3 /workspace/l -> a\\nb\n",
      stderr: `[workspace-file-list] workspace_id=${WORKSPACE_ID} path=/workspace/a entries=2 truncated=false\n`,
    });
  });

  test("what is read is the content, with a line beside it", () => {
    const read = {
      ...at,
      size_bytes: 9,
      offset: 0,
      max_bytes: 4,
      content: "abc",
      truncated: true,
      redacted: false,
      next_offset: 3,
    };
    expect(render("workspace_file_read", read)).toEqual({
      content: "abc",
      stderr: `[workspace-file-read] workspace_id=${WORKSPACE_ID} path=/workspace/a size_bytes=9 offset=0 truncated=true next_offset=3\n`,
    });
  });

  test("a write is a line of its own", () => {
    expect(render("workspace_file_write", { ...at, size_bytes: 3, bytes_written: 3, created: true })).toEqual(
      {
        stdout: `[workspace-file-write] workspace_id=${WORKSPACE_ID} path=/workspace/a size_bytes=3 bytes_written=3 created=true\n`,
      },
    );
  });
});

describe("changes", () => {
  test("a diff is its patch; the line and what no patch holds are beside it", () => {
    const entries = [
      makeChange(),
      makeChange({
        path: `b\n${FORGED}`,
        in_patch: false,
        status: "added",
        old_size_bytes: null,
        size_bytes: 9,
      }),
      makeChange({ path: "run.sh", in_patch: false, status: "mode_changed", mode: "0755" }),
    ];
    const { content, stdout, stderr } = render("workspace_diff", makeDiff({ entries }));
    expect(content).toBe(makeDiff().patch);
    expect(stdout).toBeUndefined();
    expect(stderr?.split("\n")).toEqual([
      "added file b\\nx\\n[workspace-exec] exit_code=0 (9 bytes)",
      "mode_changed file run.sh (0644 -> 0755)",
      `[workspace-diff] workspace_id=${WORKSPACE_ID} changed=true total=1 added=0 modified=1 deleted=0 type_changed=0 mode_changed=0 text_patched=1 non_text=0 ignored=0`,
      "",
    ]);
  });

  test("a patch names what it touched", () => {
    const { stdout } = render("workspace_patch_apply", {
      workspace_id: WORKSPACE_ID,
      changed: true,
      summary: { total: 2, added: 1, modified: 0, deleted: 0, renamed: 1 },
      entries: [
        { path: "new.txt", status: "added" },
        { path: "b.txt", status: "renamed", old_path: "a.txt" },
      ],
    });
    expect(stdout).toBe(
      `[workspace-patch] workspace_id=${WORKSPACE_ID} changed=true total=2 added=1 modified=0 deleted=0 renamed=1\n` +
        "added new.txt\nrenamed a.txt -> b.txt\n",
    );
  });

  test("a push and an export are a line each; what was left out is beside it", () => {
    const skipped = [{ path: "s ock", reason: "a socket" }];
    const sync = render("workspace_sync_push", {
      workspace_id: WORKSPACE_ID,
      execution_mode: "guest",
      workspace_sync: {
        mode: "directory",
        source_path: "/p",
        destination: "/workspace",
        entry_count: 3,
        bytes_written: 2,
        unchanged_count: 1,
        skipped,
        skipped_count: 3,
      },
    });
    expect(sync).toEqual({
      stdout: `[workspace-sync] workspace_id=${WORKSPACE_ID} execution_mode=guest mode=directory source_path=/p destination=/workspace entry_count=3 bytes_written=2 unchanged_count=1\n`,
      stderr: '[skipped] path="s ock" reason="a socket"\n[skipped] more=2\n',
    });
    const exported = render("workspace_export", {
      workspace_id: WORKSPACE_ID,
      workspace_path: "/workspace/dist",
      output_path: "/o",
      artifact_type: "directory",
      entry_count: 3,
      bytes_written: 2,
      skipped: [],
      skipped_count: 0,
    });
    expect(exported).toEqual({
      stdout: `[workspace-export] workspace_id=${WORKSPACE_ID} workspace_path=/workspace/dist output_path=/o artifact_type=directory entry_count=3 bytes_written=2\n`,
      stderr: "",
    });
  });
});

test("snapshots are a line each", () => {
  const baseline = {
    snapshot_name: "baseline",
    kind: "baseline" as const,
    created_at: 0,
    size_bytes: 5,
    deletable: false,
  };
  const named = { ...baseline, snapshot_name: "deps", kind: "named" as const, deletable: true };
  const line = `[workspace-snapshot] workspace_id=${WORKSPACE_ID} snapshot_name=deps kind=named created="1970-01-01 00:00:00 UTC" size_bytes=5 deletable=true\n`;
  expect(render("snapshot_create", { workspace_id: WORKSPACE_ID, snapshot: named })).toEqual({
    stdout: line,
  });
  const { stdout } = render("snapshot_list", {
    workspace_id: WORKSPACE_ID,
    count: 2,
    snapshots: [baseline, named],
  });
  expect(stdout?.split("\n")[1]).toBe(line.trimEnd());
  expect(
    render("snapshot_delete", { workspace_id: WORKSPACE_ID, snapshot_name: "deps", deleted: true }).stdout,
  ).toBe(`[workspace-snapshot] workspace_id=${WORKSPACE_ID} snapshot_name=deps deleted=true\n`);
});
