// `pyro demo ollama` with a scripted model and a daemon that answers as if a guest had run.

import { describe, expect, test } from "vitest";
import { HumanOutput } from "../../../../src/cli/human-output.js";
import { buildProgram } from "../../../../src/cli/program.js";
import { formatResult } from "../../../../src/contract/wire.js";
import { callOfVmRun, ChatScript } from "../../../helpers/chat-script.js";
import { CapturedStream } from "../../helpers/captured-stream.js";
import { serve } from "../../sdk/fake-daemon.js";
import { useEnvironmentOf } from "../../sdk/settings-environment.js";
import { makeRunResult } from "../render/results.js";

/** Runs it; the inputs that reached the daemon are part of what is returned. */
async function demo(script: ChatScript, flags: readonly string[] = [], flagsOfDemo: readonly string[] = []) {
  const inputs: unknown[] = [];
  const { client } = await serve((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      inputs.push(JSON.parse(body));
      response.end(formatResult(makeRunResult({ exit_code: 3, stdout: "a\u001b[2Jb" })));
    });
  });
  useEnvironmentOf(client.settings);
  const stdout = new CapturedStream();
  const stderr = new CapturedStream();
  let status = 0;
  const context = {
    output: new HumanOutput(stdout, stderr),
    guest: undefined,
    signal: new AbortController().signal,
    setStatus: (value: number) => (status = value),
  };
  const argv = ["demo", ...flagsOfDemo, "ollama", "--base-url", script.baseUrl, "--model", "small", ...flags];
  await buildProgram(context).parseAsync(argv, { from: "user" });
  return { inputs, stdout: stdout.text, stderr: stderr.text, status };
}

describe("a model that calls the tool", () => {
  const script = () =>
    ChatScript.start(callOfVmRun({ command: "make test" }), { text: "It printed a and b." });

  test("has its command run; the last line and the status tell how that ended", async () => {
    const { inputs, stdout, stderr, status } = await demo(await script());
    expect(inputs).toEqual([{ command: "make test" }]);
    expect(stdout).toBe("[summary] exit_code=3 fallback_used=false execution_mode=guest\n");
    expect(stderr).toMatch(/^\[ollama\] phase=ask model=small base_url=\S+\n/);
    expect(stderr).toMatch(/^\[ollama\] round=1 call=vm_run arguments="\{.*make test.*\}"$/m);
    expect(stderr).not.toContain("It printed");
    expect(status).toBe(3);
  });

  test("is shown word for word with -v, and can drive no terminal", async () => {
    const { stderr } = await demo(await script(), ["-v"]);
    expect(stderr).toMatch(/^\[ollama\] round=0 role=user content="Run `git/m);
    expect(stderr).toMatch(/^\[ollama\] round=1 role=tool content=".*exit_code: 3/m);
    expect(stderr).toMatch(/^\[ollama\] round=2 role=assistant content="It printed a and b\."$/m);
    expect(stderr).not.toContain("\u001b");
  });
});

test("a model that calls nothing proves nothing: the demo runs its own command, and says so", async () => {
  const { inputs, stdout, stderr } = await demo(await ChatScript.start({ text: "I cannot run commands." }));
  expect(inputs).toEqual([{ command: "git --version && uname -sr" }]);
  expect(stderr).toContain("[ollama] phase=fallback");
  expect(stdout).toBe("[summary] exit_code=3 fallback_used=true execution_mode=guest\n");
});

test.each(["allow_host_compat", "network"])("a model cannot give itself %s", async (name) => {
  const call = callOfVmRun({ command: "id", [name]: true });
  const { inputs, stderr } = await demo(await ChatScript.start(call, { text: "Well." }), ["-v"]);
  expect(inputs).toEqual([{ command: "git --version && uname -sr" }]);
  expect(stderr).toContain(`${name} cannot be given`);
});

test("a network is refused here, too", async () => {
  const script = await ChatScript.start({ text: "" });
  await expect(demo(script, ["--network"])).rejects.toMatchObject({ code: "commander.unknownOption" });
  await expect(demo(script, [], ["--network"])).rejects.toMatchObject({ code: "invalid_input" });
});
