// docs/use-cases/daily-loop.md: prepare once, then create, patch and reset all day long.

import { z } from "zod";
import { DEFAULT_ENVIRONMENT } from "../../src/contract/limits.js";
import type { Smoke } from "./smoke.js";

const Prepared = z.object({ state: z.string(), reused: z.boolean() });
const Report = z.object({ daily_loop: z.object({ state: z.string() }) });

export const DAILY_LOOP: Smoke = {
  name: "daily-loop",
  async run(stage) {
    const prepare = async () => Prepared.parse(JSON.parse(await stage.pyro("prepare", "--json")));
    const first = await prepare();
    stage.prove(first.state === "warm" && !first.reused, `pyro prepare makes ${DEFAULT_ENVIRONMENT} warm`);
    stage.prove((await prepare()).reused, "a second prepare finds that this still holds");
    const doctor = await stage.pyro("doctor", "--environment", DEFAULT_ENVIRONMENT, "--json");
    stage.prove(Report.parse(JSON.parse(doctor)).daily_loop.state === "warm", "pyro doctor says warm");

    const agent = await stage.connect([]);
    const { workspace_id } = await agent.call("workspace_create", {});
    const greet = async () => {
      const command = "PYTHONDONTWRITEBYTECODE=1 python3 greeting.py";
      return (await agent.call("workspace_exec", { workspace_id, command })).stdout;
    };
    stage.prove((await greet()) === "Hello world\n", "a workspace of the project runs its program");
    const patch = await stage.fixture("change.patch");
    await agent.call("workspace_patch_apply", { workspace_id, patch });
    stage.prove((await greet()) === "Hello, world!\n", "a patch changes what the program does");
    await agent.call("workspace_reset", { workspace_id });
    const { changed } = await agent.call("workspace_diff", { workspace_id });
    stage.prove(!changed && (await greet()) === "Hello world\n", "a reset brings the beginning back");
    await agent.call("workspace_delete", { workspace_id });
    await stage.proveProjectUntouched();
  },
};
