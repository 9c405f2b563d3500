import { writeFile, rm } from "node:fs/promises";
import path from "node:path";
import { test } from "vitest";
import { ClientHome } from "../helpers/client-programs-home.js";
import { ScriptedModel } from "../helpers/scripted-model/scripted-model.js";
const TINY = "/tmp/hH/stubborn.mjs";
const names = (process.env["HH_TOOLS"] ?? "plain").split(",");
const script = [...names.map((tool) => () => ({ calls: [{ tool, input: {} }] })), () => ({ text: "All done." })];
const log = process.env["HH_LOG"] ?? "/tmp/hH/log";
const senv = { TINY_MCP_LOG: log, SLOW_MS: process.env["SLOW_MS"] ?? "0", BIG: process.env["BIG"] ?? "200000", LIFE_MS: process.env["LIFE_MS"] ?? "20000" };
const T = Number(process.env["HH_T"] ?? 100) * 1000;
const show = (model: ScriptedModel) => { const c = model.requests.findLast((q) => q.conversation)?.conversation; for (const r of c?.results ?? []) console.log("RESULT", r.tool, r.text.length, r.text.length > 700 ? r.text.slice(0, 350) + " … " + r.text.slice(-350) : r.text); };
const extra = (process.env["HH_ARGS"] ?? "").split("|").filter(Boolean);
test("claude", async () => {
  await rm(log, { force: true });
  await using home = await ClientHome.create();
  await using model = await ScriptedModel.start(script);
  const config = path.join(home.directory, "mcp.json");
  await writeFile(config, JSON.stringify({ mcpServers: { pyro: { command: process.execPath, args: [TINY], env: senv } } }));
  const r = await home.run("claude", ["-p", "try it", "--mcp-config", config, "--strict-mcp-config", ...(process.env["HH_NOALLOW"] ? [] : ["--allowedTools", "mcp__pyro"]), ...extra], { env: { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "none" }, timeoutMs: T });
  console.log("EXIT", Date.now(), r.exitCode, r.timedOut, r.stdout.slice(0, 1500), r.stderr.slice(0, 1000)); show(model);
  await writeFile("/tmp/hH/claude.json", JSON.stringify(model.requests, undefined, 1));
});
test("codex", async () => {
  await rm(log, { force: true });
  await using home = await ClientHome.create();
  await using model = await ScriptedModel.start(script);
  const env = Object.entries(senv).map(([k, v]) => `${k}="${v}"`).join(",");
  const r = await home.run("codex", ["exec", "--skip-git-repo-check",
   "-c", `model="scripted"`, "-c", `model_provider="scripted"`, "-c", `model_providers.scripted={name="scripted",base_url="${model.url}/v1",wire_api="responses"}`,
   "-c", `mcp_servers.pyro={command="${process.execPath}",args=["${TINY}"],env={${env}}${process.env["HH_CODEX"] ?? ""}}`, ...extra, "try it"], { timeoutMs: T });
  console.log("EXIT", Date.now(), r.exitCode, r.timedOut, r.stdout.slice(0, 500), r.stderr.slice(0, 3000)); show(model);
  await writeFile("/tmp/hH/codex.json", JSON.stringify(model.requests, undefined, 1));
});
test("opencode", async () => {
  await rm(log, { force: true });
  await using home = await ClientHome.create();
  await using model = await ScriptedModel.start(script);
  await writeFile(path.join(home.project, "opencode.json"), JSON.stringify({
    provider: { scripted: { npm: "@ai-sdk/openai-compatible", name: "Scripted", options: { baseURL: `${model.url}/v1`, apiKey: "none" }, models: { scripted: { name: "scripted" } } } },
    mcp: { pyro: { type: "local", enabled: true, command: [process.execPath, TINY], environment: senv } } }));
  const r = await home.run("opencode", ["run", "--model", "scripted/scripted", "try it"], { timeoutMs: T });
  console.log("EXIT", Date.now(), r.exitCode, r.timedOut, r.stdout.slice(0, 500), r.stderr.slice(0, 1500)); show(model);
  await writeFile("/tmp/hH/opencode.json", JSON.stringify(model.requests, undefined, 1));
});
