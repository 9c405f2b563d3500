// `pyro demo ollama` with real guests; the model is scripted.

import { describe, expect, test } from "vitest";
import { callOfVmRun, ChatScript } from "../helpers/chat-script.js";
import { ANYBODY, useGuests } from "../helpers/use-guests.js";

describe("pyro demo ollama", () => {
  const guests = useGuests(ANYBODY);

  test("runs what the model asks for in a guest, and the model sees what it printed", async () => {
    const { pyro, environment } = guests();
    const call = callOfVmRun({ environment, command: "echo from $(uname -r)" });
    const script = await ChatScript.start(call, { text: "It printed the kernel's version." });
    const { status, stdout, stderr } = await pyro.run(["demo", "ollama", "--base-url", script.baseUrl]);
    expect(status, stderr).toBe(0);
    expect(stdout.toString()).toBe("[summary] exit_code=0 fallback_used=false execution_mode=guest\n");
    expect(JSON.stringify(script.requests[1])).toMatch(/from \d+\.\d+\.\d+-gvisor/);
  });

  test("tells a model what is wrong with its call, and lets it try again", async () => {
    const { pyro, environment } = guests();
    const script = await ChatScript.start(
      callOfVmRun({ environment, comand: "true" }),
      callOfVmRun({ environment, command: ["sh", "-c", "exit 7"] }),
      { text: "It failed." },
    );
    const { status, value } = await pyro.json(["demo", "ollama", "--base-url", script.baseUrl]);
    expect(JSON.stringify(script.requests[1])).toContain("did you mean command?");
    expect(value).toEqual({
      execution_mode: "guest",
      exit_code: 7,
      fallback_used: false,
      model: "llama3.2:3b",
      rounds: 3,
    });
    expect(status).toBe(7);
  });

  test("says what to do when there is no endpoint, and starts no guest", async () => {
    const script = await ChatScript.start("silence");
    const { baseUrl } = script;
    script.stop();
    const { status, stdout, stderr } = await guests().pyro.run(["demo", "ollama", "--base-url", baseUrl]);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 5, stdout: "" });
    expect(stderr).toMatch(/^error: nobody answers at .*: connection refused\nhint: .*ollama serve/m);
  });
});
