import { expect, test } from "vitest";
import { findOffer } from "../../../src/mcp/offers/find-offer.js";

const CORE =
  "vm_run, workspace_create, workspace_list, workspace_update, workspace_status, workspace_sync_push, workspace_exec, workspace_logs, workspace_summary, workspace_file_list, workspace_file_read, workspace_file_write, workspace_patch_apply, workspace_diff, workspace_export, workspace_reset, workspace_delete";

test("without a flag it is workspace-core", () => {
  expect(findOffer({}).tools.join(", ")).toBe(CORE);
});

test.each([
  [
    "inspect",
    ["workspace_file_write", "workspace_sync_push", "workspace_patch_apply", "workspace_diff", "vm_run"],
  ],
  ["cold-start", ["workspace_file_write", "workspace_patch_apply", "vm_run"]],
  ["review-eval", ["workspace_file_write", "workspace_patch_apply", "vm_run"]],
  ["repro-fix", ["vm_run"]],
] as const)("%s has a smaller surface", (mode, absent) => {
  expect(findOffer({ mode }).tools.filter((id) => absent.some((each) => each === id))).toEqual([]);
});

test("workspace-full has everything that belongs to guests, and nothing that belongs to the host", () => {
  const { tools } = findOffer({ profile: "workspace-full" });
  expect(tools).toEqual(expect.arrayContaining(["vm_create", "snapshot_create", "workspace_stop"]));
  expect(tools).not.toContain("doctor");
  expect(tools).not.toContain("env_prune");
});
