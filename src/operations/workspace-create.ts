// `workspace create`: an isolated guest with a project in it.

import { z } from "zod";
import { REDACTED_MIN_BYTES, SECRETS_PATH } from "../contract/limits.js";
import { WORK_IN_WORKSPACE } from "./effects.js";
import { defineOperation } from "./operation.js";
import { secretsInput } from "./secret-fields.js";
import {
  hostPath,
  labelsInput,
  nameInput,
  workspaceRecord,
  workspaceShapeInput,
} from "./workspace-fields.js";

export const workspaceCreate = defineOperation({
  id: "workspace_create",
  summary: "Create a workspace from a project",
  description:
    "Creates an isolated Linux guest with a copy of a project in /workspace, and returns when it is up. " +
    "A Git checkout is copied as Git sees it, with its .git; another directory or a tar whole. The project itself is never touched. " +
    "Work with workspace_exec and the file tools, retry with workspace_reset, end with workspace_delete.",
  effect: WORK_IN_WORKSPACE,
  input: z.strictObject({
    environment: workspaceShapeInput.environment,
    seed_path: hostPath
      .optional()
      .describe("Directory, .tar, .tar.gz or .tgz on the host to begin with; without it /workspace is empty"),
    name: nameInput.optional().describe("Unique name; wherever an id goes, it goes too"),
    labels: labelsInput.default({}).describe("Labels, key and value, to tell workspaces apart"),
    vcpu_count: workspaceShapeInput.vcpu_count,
    mem_mib: workspaceShapeInput.mem_mib,
    ttl_seconds: workspaceShapeInput.ttl_seconds,
    network_policy: workspaceShapeInput.network_policy,
    secrets: secretsInput
      .default([])
      .describe(`Kept in memory: ${SECRETS_PATH}, secret_env. Redacted from ${REDACTED_MIN_BYTES} bytes on`),
    allow_host_compat: workspaceShapeInput.allow_host_compat,
  }),
  output: workspaceRecord,
  hostPaths: ["seed_path", "secrets.file_path"],
  cli: {
    words: ["workspace", "create"],
    positionals: ["environment"],
    flags: { labels: "label" },
    pairFlags: {
      secrets: [
        {
          flag: "secret",
          name: "name",
          value: "value",
          description:
            `Secret in the guest's memory: a file in ${SECRETS_PATH}, a variable for \`exec --secret-env\`. ` +
            `Redacted in all output, unless it is shorter than ${REDACTED_MIN_BYTES} bytes. ` +
            "On this command line other users of the host can see it: --secret-file is safer",
        },
        {
          flag: "secret-file",
          name: "name",
          value: "file_path",
          description: "The same, with the value from a file of the host, every byte of it",
        },
      ],
    },
    only: {
      flag: "id-only",
      field: "workspace_id",
      description: "Print only the workspace's id",
      line: true,
    },
    examples: [
      "pyro workspace create --seed-path .",
      "pyro workspace create --seed-path . --secret-file API_TOKEN=~/.config/token",
      "pyro workspace create debian:12-build --seed-path ~/project --name fix-parser --label issue=42",
      'id="$(pyro workspace create --seed-path project.tar.gz --id-only)"',
    ],
  },
});
