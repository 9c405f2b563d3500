import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { addFlags, readInput } from "../../../src/cli/binding.js";
import { fillFromFiles } from "../../../src/cli/fill-from-files.js";
import { TEXT_ARGUMENT_MAX_BYTES } from "../../../src/contract/limits.js";
import { workspaceFileWrite } from "../../../src/operations/workspace-file-write.js";
import type { Operation } from "../../../src/operations/operation.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const { input, cli }: Operation = workspaceFileWrite;
const { signal } = new AbortController();

async function fill(...flags: readonly string[]): Promise<Record<string, unknown>> {
  if (!cli) throw new Error("it is a command");
  const command = new Command("write").exitOverride();
  addFlags(command, input, cli);
  command.parse(["ws", "a.txt", ...flags], { from: "user" });
  return fillFromFiles(command, cli, readInput(command, input, cli, undefined), signal);
}

test("a text is taken as it is given", async () => {
  expect(await fill("--text", "")).toEqual({ workspace_id: "ws", path: "a.txt", text: "" });
});

test("or as the file holds it", async () => {
  const file = path.join(await makeTempDirectory(), "text");
  await writeFile(file, "line\n");
  expect(await fill("--text-file", file)).toEqual({ workspace_id: "ws", path: "a.txt", text: "line\n" });
});

test("one of both is needed, and no more", async () => {
  await expect(fill()).rejects.toMatchObject({
    code: "invalid_input",
    message: "one of --text and --text-file is needed",
  });
  await expect(fill("--text", "a", "--text-file", "-")).rejects.toMatchObject({
    code: "invalid_input",
    message: "only one of --text and --text-file can be given",
  });
});

test("a long text is for a file", async () => {
  const text = "ä".repeat(TEXT_ARGUMENT_MAX_BYTES / 2);
  expect((await fill("--text", text))["text"]).toBe(text);
  await expect(fill("--text", `${text}.`)).rejects.toMatchObject({ hint: "Give it with --text-file." });
});
