// A recipe as the real clients run it, unattended: a real server, a real guest, a scripted model.

import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServeOptions } from "../../src/contract/serve-options.js";
import type { HostId } from "../../src/hosts/agent-host.js";
import { connectHost } from "../../src/hosts/connect.js";
import { HOSTS } from "../../src/hosts/hosts.js";
import { buildServerCommand } from "../../src/hosts/server-command.js";
import { listServerVariables } from "../../src/hosts/server-variables.js";
import { findOffer } from "../../src/mcp/offers/find-offer.js";
import { PACKAGE_ROOT } from "../../src/platform/package-files.js";
import type { RunResult } from "../../src/platform/processes.js";
import { resolveSettings } from "../../src/platform/settings.js";
import { makeCheckout, runGit } from "./checkout.js";
import { askClient } from "./client-programs-ask.js";
import { ClientHome } from "./client-programs-home.js";
import { expectDaemonLeftNothing, expectNothingLeft } from "./nothing-left.js";
import { findProcessesWith } from "./processes-with.js";
import type { RecipeScript } from "./recipe-script.js";
import type { Conversation } from "./scripted-model/conversation.js";
import { ScriptedModel, type RecordedRequest } from "./scripted-model/scripted-model.js";
import { fullName } from "./scripted-model/tool-names.js";
import { readFacts } from "./shown-facts.js";
import { TestPyro } from "./test-pyro.js";

/** Clients end what they have started while they leave. */
const SETTLE_TIMEOUT_MS = 30_000;

export interface ClientRecipe {
  readonly id: HostId;
  readonly options: ServeOptions;
  /** The directory of test/fixtures/use-cases with the project. */
  readonly name: string;
  readonly prompt: string;
  readonly script: RecipeScript;
  /** More of the client's own arguments. */
  readonly args?: readonly string[];
}

export interface RecipeRun {
  readonly home: ClientHome;
  readonly ended: RunResult;
  readonly conversation: Conversation;
  /** Names of the tools that the model was offered first. */
  readonly offered: readonly string[];
  /** What the client showed its model of a step's result, as it is. */
  readonly text: (step: string) => string;
  /** The facts in it. */
  readonly shown: (step: string) => Readonly<Record<string, string>>;
}

/** How a result begins as the client shows it: structured content or text. */
export const SHOWN: Readonly<Record<HostId, RegExp>> = {
  "claude-code": /^\{"workspace_id":/,
  codex: /^Wall time: [\d.]+ seconds\nOutput:\n\{"workspace_id":/,
  opencode: /^workspace_id: /,
};

/** The project of a recipe, as it is in the repository. */
export function fixtureProject(name: string): string {
  return path.join(PACKAGE_ROOT, "test", "fixtures", "use-cases", name, "project");
}

/** Has the client do the recipe once; `more` adds tests of what it showed to those that hold for each recipe. */
export function describeClientRecipe(
  title: string,
  recipe: ClientRecipe,
  more: (run: () => RecipeRun) => void,
) {
  describe(title, () => {
    let home: ClientHome;
    let pyro: TestPyro;
    let run: RecipeRun;
    beforeAll(async () => {
      home = await ClientHome.create();
      // Where servers look that are started with little more than HOME and PATH.
      pyro = await TestPyro.create({ XDG_RUNTIME_DIR: "" });
      run = await runRecipe(recipe, home, pyro);
    });
    afterAll(async () => {
      await pyro[Symbol.asyncDispose]();
      await home[Symbol.asyncDispose]();
    });

    test("does the whole recipe with nobody there to approve", () => {
      expect(run.conversation.results.map(({ tool }) => tool)).toEqual(recipe.script.tools);
      expect(run.ended.stdout).toContain(recipe.script.closing);
    });

    test("offers its model all of the server's tools at once, none has to be looked up", () => {
      const { tools } = findOffer(recipe.options);
      const isOffered = (tool: string) => run.offered.some((name) => name.endsWith(`_${tool}`));
      expect(tools.filter((tool) => !isOffered(tool))).toEqual([]);
    });

    test("shows the workspace: its id, that it is a guest, and that it is a copy of the project", () => {
      expect(run.text("create")).toMatch(SHOWN[recipe.id]);
      expect(run.shown("create")).toMatchObject({
        workspace_id: matching(/^ws_\w+$/),
        state: "started",
        execution_mode: "guest",
        "workspace_seed.mode": "directory",
        "workspace_seed.seed_path": home.project,
      });
    });

    more(() => run);

    test("leaves the project on the host as it was", async () => {
      expect(await runGit(home.project, ["status", "--porcelain"])).toBe("");
    });

    test("leaves no workspace and no guest, and without the daemon nothing at all", async () => {
      expect(run.shown("delete")).toMatchObject({ deleted: "true" });
      expect(await pyro.json(["workspace", "list"])).toMatchObject({ value: { count: 0 } });
      await expectNothingLeft(pyro);
      await pyro[Symbol.asyncDispose]();
      await expectDaemonLeftNothing(pyro);
      for (const directory of [pyro.directory, home.directory]) {
        await expect.poll(() => findProcessesWith(directory), { timeout: SETTLE_TIMEOUT_MS }).toEqual([]);
      }
    });
  });
}

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** On a checkout of its user's, connected as `pyro host connect` does it. */
async function runRecipe(recipe: ClientRecipe, home: ClientHome, pyro: TestPyro): Promise<RecipeRun> {
  const { id, options, name, prompt, script, args = [] } = recipe;
  await makeCheckout(home.project, fixtureProject(name));
  const env = listServerVariables(pyro.settings, resolveSettings(home.env));
  const command = buildServerCommand(options, { cwd: home.project, env });
  await connectHost(HOSTS[id], { options, command, place: {} }, home.context());
  await using model = await ScriptedModel.start(script.steps);
  const ended = await askClient(id, home, { model, prompt, args });
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0, timedOut: false });
  const { conversation, requests } = model;
  const text = (step: string) => script.findShown(conversation, step);
  return {
    home,
    ended,
    conversation,
    offered: findFirstOffer(requests),
    text,
    shown: (step) => Object.fromEntries(readFacts(text(step))),
  };
}

/** Clients ask for titles and the like before they offer tools. */
function findFirstOffer(requests: readonly RecordedRequest[]): readonly string[] {
  const offers = requests.map(({ conversation }) => conversation?.tools.map(fullName) ?? []);
  return offers.find((names) => names.some((name) => name.endsWith("_workspace_create"))) ?? [];
}
