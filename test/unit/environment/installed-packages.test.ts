import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { readPackages } from "../../../src/environment/installed-packages.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

async function makeTree(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await makeTempDirectory();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
}

const dpkg = (name: string) =>
  `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n`;

const APK = `C:Q1x=
P:musl
V:1.2.5-r0
A:x86_64
F:lib
R:ld-musl-x86_64.so.1
Z:Q1P:not-a-field

P:alpine-baselayout
V:3.6.5-r0
A:x86_64

P:no-version
A:x86_64
`;

test("Alpine's packages come from apk's database, by name", async () => {
  const root = await makeTree({ "usr/lib/apk/db/installed": APK });
  await symlink("usr/lib", path.join(root, "lib"));
  expect(await readPackages(root)).toEqual([
    { name: "alpine-baselayout", version: "3.6.5-r0", architecture: "x86_64" },
    { name: "musl", version: "1.2.5-r0", architecture: "x86_64" },
  ]);
});

test("Debian's come from dpkg's, whatever is beside it", async () => {
  const root = await makeTree({
    "var/lib/dpkg/status": dpkg("zlib") + dpkg("adduser"),
    "lib/apk/db/installed": APK,
  });
  expect((await readPackages(root)).map(({ name }) => name)).toEqual(["adduser", "zlib"]);
});

test("a distroless image's come from a file for each", async () => {
  const part = "Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\nMaintainer: x\n";
  const root = await makeTree({
    "var/lib/dpkg/status.d/libc6": part,
    "var/lib/dpkg/status.d/base": part.replace("libc6", "base-files"),
    "var/lib/dpkg/status.d/libc6.md5sums": "0  lib/libc.so.6\n",
  });
  await symlink("/../../../../../../../var/lib/dpkg/status", path.join(root, "var/lib/dpkg/status.d/out"));
  expect(await readPackages(root)).toEqual([
    { name: "base-files", version: "2.36-9", architecture: "amd64" },
    { name: "libc6", version: "2.36-9", architecture: "amd64" },
  ]);
});

test("a tree without either, or with a hostile one, has none", async () => {
  expect(await readPackages(await makeTree({ "usr/lib/sysimage/rpm/rpmdb.sqlite": "SQLite" }))).toEqual([]);
  const root = await makeTree({ "lib/apk/db/other": "" });
  await symlink("installed", path.join(root, "lib/apk/db/installed"));
  expect(await readPackages(root)).toEqual([]);
});

test("an endless list is cut off", async () => {
  const root = await makeTree({ "var/lib/dpkg/status": dpkg("a").repeat(30_000) });
  expect(await readPackages(root)).toHaveLength(20_000);
});
