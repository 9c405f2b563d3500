// The recipe "reproduce and fix" as the real clients run it, unattended: a real server, a real guest, a scripted model.

import { readFile } from "node:fs/promises";
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
import { resolveSettings } from "../../src/platform/settings.js";
import { makeCheckout, runGit } from "../helpers/checkout.js";
import { askClient } from "../helpers/client-programs-ask.js";
import { ClientHome } from "../helpers/client-programs-home.js";
import { expectDaemonLeftNothing, expectNothingLeft } from "../helpers/nothing-left.js";
import { findProcessesWith } from "../helpers/processes-with.js";
import { findShown, REPRO_FIX_SCRIPT, REPRO_FIX_TOOLS } from "../helpers/repro-fix-script.js";
import { ScriptedModel } from "../helpers/scripted-model/scripted-model.js";
import { fullName } from "../helpers/scripted-model/tool-names.js";
import { readFacts } from "../helpers/shown-facts.js";
import { TestPyro } from "../helpers/test-pyro.js";

const PROJECT = path.join(PACKAGE_ROOT, "test", "fixtures", "use-cases", "repro-fix-loop", "project");
/** Clients end what they have started while they leave. */
const SETTLE_TIMEOUT_MS = 30_000;

const RUNS: readonly { id: HostId; options: ServeOptions; offer: string }[] = [
  { id: "claude-code", options: { mode: "repro-fix" }, offer: "--mode repro-fix" },
  { id: "codex", options: { mode: "repro-fix" }, offer: "--mode repro-fix" },
  { id: "opencode", options: { mode: "repro-fix" }, offer: "--mode repro-fix" },
  { id: "codex", options: {}, offer: "the default profile" },
];

/** Has the client do the recipe on a checkout of its user's, connected as `pyro host connect` does it. */
async function reproduceAndFix(id: HostId, options: ServeOptions, home: ClientHome, pyro: TestPyro) {
  await makeCheckout(home.project, PROJECT);
  const env = listServerVariables(pyro.settings, resolveSettings(home.env));
  const command = buildServerCommand(options, { cwd: home.project, env });
  await connectHost(HOSTS[id], { options, command, place: {} }, home.context());
  await using model = await ScriptedModel.start(REPRO_FIX_SCRIPT);
  const prompt = "Reproduce the failing test and fix it.";
  const ended = await askClient(id, home, { model, prompt });
  expect(ended, ended.stderr).toMatchObject({ exitCode: 0, timedOut: false });
  const { conversation, requests } = model;
  const shown = (step: string) => Object.fromEntries(readFacts(findShown(conversation, step)));
  return { ended, conversation, requests, shown };
}

/** How a result begins as the client shows it: structured content or text. */
const SHOWN: Readonly<Record<HostId, RegExp>> = {
  "claude-code": /^\{"workspace_id":/,
  codex: /^Wall time: [\d.]+ seconds\nOutput:\n\{"workspace_id":/,
  opencode: /^workspace_id: /,
};

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

describe.each(RUNS)("$id with $offer", ({ id, options }) => {
  let home: ClientHome;
  let pyro: TestPyro;
  let run: Awaited<ReturnType<typeof reproduceAndFix>>;
  beforeAll(async () => {
    home = await ClientHome.create();
    // Where servers look that are started with little more than HOME and PATH.
    pyro = await TestPyro.create({ XDG_RUNTIME_DIR: "" });
    run = await reproduceAndFix(id, options, home, pyro);
  });
  afterAll(async () => {
    await pyro[Symbol.asyncDispose]();
    await home[Symbol.asyncDispose]();
  });

  test("does the whole recipe with nobody there to approve", () => {
    const { ended, conversation } = run;
    expect(ended.stdout).toContain("It is fixed.");
    expect(conversation.results.map(({ tool }) => tool)).toEqual(REPRO_FIX_TOOLS);
  });

  test("offers its model all of the server's tools at once, none has to be looked up", () => {
    const offers = run.requests.map(({ conversation }) => conversation?.tools.map(fullName) ?? []);
    const first = offers.find((names) => names.some((name) => name.endsWith("_workspace_create"))) ?? [];
    const { tools } = findOffer(options);
    expect(tools.filter((tool) => !first.some((name) => name.endsWith(`_${tool}`)))).toEqual([]);
  });

  test("shows the workspace: its id, that it is a guest, and that it is a copy of the project", () => {
    const { conversation, shown } = run;
    expect(findShown(conversation, "create")).toMatch(SHOWN[id]);
    expect(shown("create")).toMatchObject({
      workspace_id: matching(/^ws_\w+$/),
      name: "fix",
      state: "started",
      execution_mode: "guest",
      "workspace_seed.mode": "directory",
      "workspace_seed.seed_path": home.project,
    });
  });

  test("shows how the tests end and what they print", () => {
    const { shown } = run;
    const failed = { exit_code: "1", stdout: matching(/^AssertionError: 250 != 750$/m) };
    const passed = { exit_code: "0", stdout: matching(/^Ran 3 tests in .*\n\nOK$/m) };
    expect(shown("reproduce")).toMatchObject({ ...failed, sequence: "1", timed_out: "false" });
    expect(shown("pass")).toMatchObject({ ...passed, sequence: "2", execution_mode: "guest" });
    expect(shown("fail again")).toMatchObject(failed);
    expect(shown("pass again")).toMatchObject(passed);
  });

  test("shows the file as it is", async () => {
    const content = (await readFile(path.join(PROJECT, "orders.py"), "utf8")).trimEnd();
    expect(run.shown("read")).toMatchObject({ path: "/workspace/orders.py", content, truncated: "false" });
  });

  test("shows of a patch that does not fit the code, what does not fit, and what to do", () => {
    expect(run.shown("guess")).toMatchObject({
      "error.code": "patch_rejected",
      "error.message": matching(/^orders\.py: hunk 1 \(line 3 of the patch\): .*"return 0"/),
      "error.hint": "Nothing was changed; read the file as it is now, and make the patch anew.",
      "error.retryable": "false",
    });
  });

  test("shows a patch that fits into a workspace that is reset", () => {
    const { shown } = run;
    expect(shown("diff")).toMatchObject({ changed: "true", "summary.total": "1", "summary.modified": "1" });
    expect(shown("reset")).toMatchObject({ reset_count: "1", state: "started" });
    expect(shown("apply the diff")).toMatchObject({ changed: "true", "summary.modified": "1" });
  });

  test("leaves the project on the host as it was, where the patch fits too", async () => {
    expect(await runGit(home.project, ["status", "--porcelain"])).toBe("");
    await runGit(home.project, ["apply", "-"], `${run.shown("diff")["patch"]}\n`);
    const fixed = await readFile(path.join(home.project, "orders.py"), "utf8");
    expect(fixed).toContain('sum(line["price"] * line["quantity"] for line in lines)');
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
