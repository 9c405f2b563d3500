import { lstat, mkdir, readFile, readdir, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findOpencodeFile, writeOpencodeFile } from "../../../src/hosts/opencode-file.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const COMMAND = { command: "/usr/bin/node", args: ["/opt/bin/pyro", "mcp", "serve"], env: {} };

async function makeFile(content: string | Buffer): Promise<string> {
  const file = path.join(await makeTempDirectory(), "opencode.json");
  await writeFile(file, content, { mode: 0o600 });
  return file;
}

describe("writeOpencodeFile", () => {
  test("makes the file and its directories", async () => {
    const file = path.join(await makeTempDirectory(), "new", "opencode", "opencode.json");
    expect(await writeOpencodeFile(file, COMMAND)).toEqual({ file, changed: true });
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ mcp: { pyro: { type: "local" } } });
  });

  test("leaves a file alone that has the entry", async () => {
    const file = await makeFile("{}");
    await writeOpencodeFile(file, COMMAND);
    const before = await stat(file);
    expect(await writeOpencodeFile(file, COMMAND)).toEqual({ file, changed: false });
    expect((await stat(file)).ino).toBe(before.ino);
  });

  test("keeps the file's mode, and a link that it is reached by", async () => {
    const file = await makeFile("{}");
    const link = path.join(path.dirname(file), "link.json");
    await symlink(file, link);
    await writeOpencodeFile(link, COMMAND);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toContain("pyro");
  });

  test.each([
    ["damaged", Buffer.from("{ bad")],
    ["not UTF-8", Buffer.from([0x7b, 0xff, 0x7d])],
  ])(
    "keeps a copy of what is no configuration (%s), and never over an older copy",
    async (_what, content) => {
      const file = await makeFile(content);
      expect(await writeOpencodeFile(file, COMMAND)).toEqual({
        file,
        changed: true,
        backup: `${file}.backup`,
      });
      await writeFile(file, "{ worse");
      expect(await writeOpencodeFile(file, COMMAND)).toMatchObject({ backup: `${file}.backup-2` });
      expect(await readFile(`${file}.backup`)).toEqual(content);
      expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ mcp: {} });
    },
  );

  test("an empty file is no loss: nothing is copied", async () => {
    const file = await makeFile("\n");
    await writeOpencodeFile(file, COMMAND);
    expect(await readdir(path.dirname(file))).toEqual(["opencode.json"]);
  });

  test("fails on a directory, and leaves nothing", async () => {
    const directory = await makeTempDirectory();
    await expect(writeOpencodeFile(directory, COMMAND)).rejects.toThrow("EISDIR");
    expect(await readdir(directory)).toEqual([]);
  });
});

describe("findOpencodeFile", () => {
  test("is the file with comments when there is one, in the user's configuration directory", async () => {
    const home = await makeTempDirectory();
    const directory = path.join(home, ".config", "opencode");
    await mkdir(directory, { recursive: true });
    expect(await findOpencodeFile({ HOME: home })).toBe(path.join(directory, "opencode.json"));
    await writeFile(path.join(directory, "opencode.jsonc"), "{}");
    expect(await findOpencodeFile({ HOME: home })).toBe(path.join(directory, "opencode.jsonc"));
    expect(await findOpencodeFile({ HOME: home, XDG_CONFIG_HOME: "/x" })).toBe("/x/opencode/opencode.json");
  });
});
