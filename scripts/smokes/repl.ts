// Python in a shell of a workspace, asked line by line as somebody would who reviews.

import type { Agent } from "./agent.js";

/** Longer than the guest takes to answer a line. */
const IDLE_MS = 300;
const LOOKS_MAX = 30;
const PROMPT = ">>>";

export class Repl {
  readonly shellId: string;
  readonly #agent: Agent;
  readonly #workspaceId: string;

  private constructor(agent: Agent, workspaceId: string, shellId: string) {
    this.#agent = agent;
    this.#workspaceId = workspaceId;
    this.shellId = shellId;
  }

  static async open(agent: Agent, workspace_id: string): Promise<Repl> {
    const { shell_id } = await agent.call("shell_open", { workspace_id });
    const repl = new Repl(agent, workspace_id, shell_id);
    await repl.type("python3 -q");
    return repl;
  }

  /** What is on the screen when the prompt is back. */
  async type(input: string): Promise<string> {
    const shell = { workspace_id: this.#workspaceId, shell_id: this.shellId };
    await this.#agent.call("shell_write", { ...shell, input });
    for (let look = 0; look < LOOKS_MAX; look++) {
      const { output } = await this.#agent.call("shell_read", {
        ...shell,
        plain: true,
        wait_for_idle_ms: IDLE_MS,
      });
      const after = output.slice(output.lastIndexOf(input) + input.length);
      if (output.includes(input) && after.trimEnd().endsWith(PROMPT)) return output;
    }
    throw new Error(`no prompt after ${input}`);
  }
}
