// A shell as a model meets it: what is typed comes back.

import { sample, timeMs } from "../../src/bench/sample.js";
import type { DeveloperScenario } from "../context.js";

const FIRST_PROMPT_IDLE_MS = 500;

export const shellEcho: DeveloperScenario = {
  name: "shell",
  title: "shell: a line is typed → the command's output has been read",
  unit: "ms",
  goal: 30,
  runs: 20,
  async run(context) {
    const { client, environment } = context;
    const { workspace_id } = await client.invoke("workspace_create", { environment });
    const { shell_id } = await client.invoke("shell_open", { workspace_id });
    const ids = { workspace_id, shell_id };
    const prompt = await client.invoke("shell_read", { ...ids, wait_for_idle_ms: FIRST_PROMPT_IDLE_MS });
    let cursor = prompt.next_cursor;
    let run = 0;
    const values = await sample(context, async () => {
      const expected = `answer-${++run}`;
      return timeMs(async () => {
        await client.invoke("shell_write", { ...ids, input: `echo answer''-${run}` });
        for (let output = ""; !output.includes(expected);) {
          const read = await client.invoke("shell_read", { ...ids, cursor, wait_for_idle_ms: 1 });
          output += read.output;
          cursor = read.next_cursor;
        }
      });
    });
    await client.invoke("workspace_delete", { workspace_id });
    return values;
  },
};
