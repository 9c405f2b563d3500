import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseOsRelease, readDistribution } from "../../../src/environment/distribution.js";
import { runProcess } from "../../../src/platform/processes.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

async function makeTree(): Promise<{ root: string; etc: string; lib: string }> {
  const root = await makeTempDirectory();
  const etc = path.join(root, "etc");
  const lib = path.join(root, "usr/lib");
  await mkdir(etc);
  await mkdir(lib, { recursive: true });
  return { root, etc, lib };
}

const ALPINE = "ID=alpine\nVERSION_ID=3.20.3\n";

describe("os-release", () => {
  test.each([
    [ALPINE, { id: "alpine", version: "3.20.3" }],
    [`NAME="Fedora Linux"\nID='fedora'\nVERSION_ID="40"\n`, { id: "fedora", version: "40" }],
    ["ID=arch\nBUILD_ID=rolling", { id: "arch", version: "" }],
    ["# ID=none\nID=one\r\nID=two\n", { id: "two", version: "" }],
    ["VERSION_ID=1\n", undefined],
    ["ID=\n", undefined],
    ["", undefined],
    ["ID=Debian\u001b]0;title\u0007\n", undefined],
    [`ID=debian\nVERSION_ID="$(reboot)"\n`, { id: "debian", version: "" }],
    [`ID=${"a".repeat(65)}\n`, undefined],
    ["ID='debian\"\n", undefined],
  ])("%j says %j", (text, distribution) => {
    expect(parseOsRelease(text)).toEqual(distribution);
  });

  test("whatever it holds, what comes out is a plain word", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (id, version) => {
        const found = parseOsRelease(`ID=${id}\nVERSION_ID=${version}\n`);
        if (found) expect(`${found.id}${found.version}`).toMatch(/^[a-z0-9._-]+$/);
      }),
    );
  });
});

describe("the distribution of a tree", () => {
  test("is in /etc, a link to /usr as a rule, or in /usr alone", async () => {
    const { root, etc, lib } = await makeTree();
    await writeFile(path.join(lib, "os-release"), ALPINE);
    expect(await readDistribution(root)).toEqual({ id: "alpine", version: "3.20.3" });
    await symlink("/usr/lib/os-release", path.join(etc, "os-release"));
    expect(await readDistribution(root)).toEqual({ id: "alpine", version: "3.20.3" });
  });

  test("is not that of the host, wherever links lead", async () => {
    const { root, etc, lib } = await makeTree();
    expect(await readDistribution(root)).toBeUndefined();
    await symlink("../../../../../../../../etc/os-release", path.join(etc, "os-release"));
    await symlink("/proc/self/root/etc/os-release", path.join(lib, "os-release"));
    expect(await readDistribution(root)).toBeUndefined();
  });

  test.each<[string, (file: string) => Promise<unknown>]>([
    ["a pipe that nobody writes to", (file) => runProcess(["mkfifo", file])],
    ["a directory", (file) => mkdir(file)],
    ["a link to itself", (file) => symlink("os-release", file)],
    ["a link to a name that is too long", (file) => symlink("a".repeat(300), file)],
    ["a file without an end", (file) => writeFile(file, ALPINE).then(() => truncate(file, 2 ** 40))],
  ])("is unknown when its file is %s", async (_title, make) => {
    const { root, etc } = await makeTree();
    await make(path.join(etc, "os-release"));
    expect(await readDistribution(root)).toBeUndefined();
  });
});
