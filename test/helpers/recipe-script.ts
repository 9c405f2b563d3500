// A model that follows a recipe, one call an answer. What it asks for it takes from what it was shown.

import type { Conversation, Step } from "./scripted-model/conversation.js";
import { readFact } from "./shown-facts.js";

/** A fact in what was shown of the result of an earlier step. */
export type ShownFact = (step: string, fact: string) => string;

export interface RecipeCall {
  /** What its result is asked for by. The first one makes the workspace. */
  readonly step: string;
  readonly tool: string;
  /** Beside the workspace's id. */
  readonly input?: (shown: ShownFact) => Readonly<Record<string, unknown>>;
}

export class RecipeScript {
  /** In the order of the calls. */
  readonly tools: readonly string[];
  readonly steps: readonly Step[];
  /** The model's last word. */
  readonly closing: string;
  readonly #calls: readonly RecipeCall[];

  constructor(calls: readonly RecipeCall[], closing: string) {
    this.#calls = calls;
    this.closing = closing;
    this.tools = calls.map(({ tool }) => tool);
    this.steps = [...calls.map((call, index) => this.#toStep(call, index)), () => ({ text: closing })];
  }

  /** What the model was shown of the result of a step. */
  findShown({ results }: Conversation, step: string): string {
    const result = results[this.#calls.findIndex((call) => call.step === step)];
    if (!result) throw new Error(`there is no result of "${step}"`);
    return result.text;
  }

  #toStep({ tool, input }: RecipeCall, index: number): Step {
    return (conversation) => {
      const shown: ShownFact = (step, fact) => readFact(this.findShown(conversation, step), fact);
      const [first] = this.#calls;
      const workspace = first && index > 0 ? { workspace_id: shown(first.step, "workspace_id") } : {};
      return { calls: [{ tool, input: { ...workspace, ...input?.(shown) } }] };
    };
  }
}
