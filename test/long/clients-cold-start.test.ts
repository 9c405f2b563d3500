// The recipe "cold-start repo validation" as the real clients run it.

import { expect, test } from "vitest";
import { HOST_IDS } from "../../src/hosts/agent-host.js";
import { CODEX_APPROVES } from "../helpers/client-programs-ask.js";
import { describeClientRecipe, matching } from "../helpers/client-recipe.js";
import { COLD_START_SCRIPT } from "../helpers/cold-start-script.js";

for (const id of HOST_IDS) {
  const recipe = {
    id,
    options: { mode: "cold-start" },
    name: "cold-start-validation",
    prompt: "Does this project come up by its README?",
    args: id === "codex" ? CODEX_APPROVES : [],
    script: COLD_START_SCRIPT,
  } as const;
  describeClientRecipe(id, recipe, (run) => {
    test("shows that the documents alone are not enough, and what the server says of it", () => {
      const { shown } = run();
      expect(shown("tests by the documents")).toMatchObject({ exit_code: "1" });
      expect(shown("serve by the documents")).toMatchObject({
        state: "failed",
        stop_reason: "exited_before_ready",
        "log_tail.stderr": matching(/python3 build\.py makes it/),
      });
    });

    test("shows a server that is ready, and the port of the host where it is reached", () => {
      const { shown, text } = run();
      expect(shown("tests")).toMatchObject({ exit_code: "0" });
      expect(shown("serve")).toMatchObject({ state: "running", execution_mode: "guest" });
      expect(text("serve")).toMatch(/127\.0\.0\.1\W+(?:host_port\W+)?(?!8080)\d{4,5}\b/);
      expect(shown("ask")).toMatchObject({ exit_code: "0", stdout: matching(/^05 Harbour$/m) });
      expect(text("logs")).toContain("GET / HTTP/1.1");
      expect(shown("stop")).toMatchObject({ state: "stopped", stop_reason: "explicit_stop" });
    });

    test("shows in the summary what was enough", () => {
      expect(run().shown("summary")).toMatchObject({ "commands.total": "3", "commands.failed": "0" });
    });
  });
}
