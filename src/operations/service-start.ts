// `workspace service start`: a process that stays, with a way to tell that it is ready.

import { z } from "zod";
import { bounded, inputFields } from "../contract/fields.js";
import { READY_INTERVAL_MS, READY_TIMEOUT_SECONDS, WORKSPACE_PATH } from "../contract/limits.js";
import { WORK_IN_WORKSPACE } from "./effects.js";
import { defineOperation } from "./operation.js";
import { secretEnvInput } from "./secret-fields.js";
import { portNumber, serviceNameInput, serviceRecord } from "./service-fields.js";
import { guestPath, recovery, workspaceIdInput } from "./workspace-fields.js";

const URL_MAX = 2048;
const PORTS_MAX = 32;

export const serviceStart = defineOperation({
  id: "service_start",
  summary: "Start a service in a workspace",
  description:
    "Starts a long-running process, such as a web server, and returns when it is ready. It runs until it ends, service_stop, or the guest's end. " +
    "One of `ready_tcp`, `ready_http`, `ready_file`, `ready_command` tells when it is ready; without one it is at once. " +
    "One that dies first, or is not ready in time, is a result with `state: failed` and the end of its log. " +
    "With `published_ports`, ports of the guest are reachable at 127.0.0.1 of the host.",
  effect: WORK_IN_WORKSPACE,
  input: z.strictObject({
    workspace_id: workspaceIdInput,
    service_name: serviceNameInput,
    command: inputFields.command,
    cwd: guestPath
      .default(WORKSPACE_PATH)
      .describe("Directory of the guest to run it in, absolute or relative to /workspace"),
    ready_file: guestPath.optional().describe("Ready when this file is there; relative to `cwd`"),
    ready_tcp: z
      .union([portNumber, z.string().min(1).max(64)])
      .optional()
      .describe("Ready when it listens on this port of the guest: `8000`, or `127.0.0.1:8000`"),
    ready_http: z
      .string()
      .min(1)
      .max(URL_MAX)
      .optional()
      .describe("Ready when a GET in the guest answers 2xx or 3xx: `http://127.0.0.1:8000/health`"),
    ready_command: inputFields.command
      .optional()
      .describe("Ready when this command exits with 0 in the guest"),
    ready_timeout_seconds: bounded(
      READY_TIMEOUT_SECONDS,
      "Seconds until a service that is not ready has failed",
    ),
    ready_interval_ms: bounded(READY_INTERVAL_MS, "Milliseconds between two looks whether it is ready"),
    secret_env: secretEnvInput.describe(
      "Secrets for its environment: name of the secret, then of the variable",
    ),
    published_ports: z
      .array(
        z.strictObject({
          guest_port: portNumber.describe("Port that the service listens on, in the guest"),
          host_port: portNumber.optional().describe("Port of the host; without it a free one"),
        }),
      )
      .max(PORTS_MAX)
      .default([])
      .describe("Ports to reach on 127.0.0.1 of the host; needs network_policy `egress+published-ports`"),
  }),
  output: z.object({
    ...serviceRecord.shape,
    log_tail: z
      .object({ stdout: z.string(), stderr: z.string() })
      .optional()
      .describe("Of one that has failed: the end of what it wrote"),
    recovery: recovery.optional(),
  }),
  cli: {
    words: ["workspace", "service", "start"],
    positionals: ["workspace_id", "service_name"],
    argvField: "command",
    bareKeys: ["secret_env"],
    flags: { published_ports: "publish" },
    items: { published_ports: { syntax: "[host_port:]guest_port", parse: parsePublished } },
    examples: [
      "pyro workspace service start fix-parser web --ready-http http://127.0.0.1:8000/ -- python3 -m http.server 8000",
      "pyro workspace service start fix-parser web --ready-tcp 3000 --publish 3000 -- npm start",
      "pyro workspace service start fix-parser db --ready-command 'pg_isready -q' -- sh -c 'exec postgres -D data'",
    ],
  },
});

/** `8080` or `18080:8080`. What is no number is judged by the schema. */
function parsePublished(text: string): unknown {
  const numbers = text.split(":").map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const [first, second, ...rest] = numbers;
  if (rest.length > 0) return { guest_port: text };
  return second === undefined ? { guest_port: first } : { host_port: first, guest_port: second };
}
