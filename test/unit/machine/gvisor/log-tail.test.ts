import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readLogTail } from "../../../../src/machine/gvisor/log-tail.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

async function makeLogs(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const directory = await makeTempDirectory();
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(directory, name), content);
  return directory;
}

test("each log stands under its name; runsc's own and stderr come last", async () => {
  const logs = {
    "stderr.log": "died\n",
    "boot.log": "booted\n",
    "runsc.log": "started\n",
    "aa.log": "first\n",
  };
  expect(await readLogTail(await makeLogs(logs))).toBe(
    "== aa.log\nfirst\n== boot.log\nbooted\n== runsc.log\nstarted\n== stderr.log\ndied",
  );
});

test("of a long log only the end is read", async () => {
  const directory = await makeLogs({ "boot.log": `${"x".repeat(1_000_000)}\nthe end\n` });
  const tail = await readLogTail(directory);
  expect(tail).toMatch(/x\nthe end$/);
  expect(tail.length).toBeLessThan(4200);
});

test("an empty log is left out, and what is no text is replaced", async () => {
  const directory = await makeLogs({ "a.log": " \n", "b.log": Uint8Array.of(0x61, 0xff) });
  expect(await readLogTail(directory)).toBe("== b.log\na\ufffd");
});

test("no logs are no failure", async () => {
  expect(await readLogTail(await makeLogs({}))).toBe("");
  expect(await readLogTail("/no/such/directory")).toBe("");
});

test("a log that cannot be read does not hide the others", async () => {
  const directory = await makeLogs({ "z.log": "readable" });
  await mkdir(path.join(directory, "directory"));
  await symlink("gone", path.join(directory, "link"));
  expect(await readLogTail(directory)).toBe("== z.log\nreadable");
});
