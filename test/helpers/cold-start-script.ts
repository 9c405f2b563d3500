// A model that finds out whether a project comes up by its documents, and which step they do not tell.

import { RecipeScript, type RecipeCall } from "./recipe-script.js";

const TESTS = "python3 -m unittest 2>&1";
const SERVICE = "web";
const PORT = 8080;

/** As the README says it. */
const SERVE: NonNullable<RecipeCall["input"]> = () => ({
  service_name: SERVICE,
  command: `python3 server.py --port ${PORT}`,
  ready_http: `http://127.0.0.1:${PORT}/health`,
  published_ports: [{ guest_port: PORT }],
});

const named: NonNullable<RecipeCall["input"]> = () => ({ service_name: SERVICE });

/** Of the project test/fixtures/use-cases/cold-start-validation. */
export const COLD_START_SCRIPT = new RecipeScript(
  [
    {
      step: "create",
      tool: "workspace_create",
      input: () => ({ name: "cold", network_policy: "egress+published-ports" }),
    },
    { step: "read", tool: "workspace_file_read", input: () => ({ path: "README.md" }) },
    { step: "tests by the documents", tool: "workspace_exec", input: () => ({ command: TESTS }) },
    { step: "serve by the documents", tool: "service_start", input: SERVE },
    { step: "reset", tool: "workspace_reset" },
    { step: "build", tool: "workspace_exec", input: (shown) => ({ command: findMissingStep(shown) }) },
    { step: "tests", tool: "workspace_exec", input: () => ({ command: TESTS }) },
    { step: "serve", tool: "service_start", input: SERVE },
    { step: "ask", tool: "workspace_exec", input: () => ({ command: `curl -sS http://127.0.0.1:${PORT}/` }) },
    { step: "logs", tool: "service_logs", input: named },
    { step: "stop", tool: "service_stop", input: named },
    { step: "summary", tool: "workspace_summary" },
    { step: "delete", tool: "workspace_delete" },
  ],
  "It comes up, with one step that the README does not tell.",
);

/** What the server's last words name. */
function findMissingStep(shown: (step: string, fact: string) => string): string {
  const words = shown("serve by the documents", "log_tail.stderr");
  const step = /python3 build\.py/.exec(words)?.[0];
  if (step === undefined) throw new Error(`the log names no step: ${words}`);
  return step;
}
