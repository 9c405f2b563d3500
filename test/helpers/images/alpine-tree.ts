// A tree as Alpine's: musl as the C library, one shell, no bash, no git, no GNU tools, and apk's list of packages.

import { copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { compileGuestProgram } from "./guest-program.js";
import { makeBusyboxTree } from "./make-images.js";

/** Debian's package musl. */
const MUSL = "/usr/lib/x86_64-linux-musl/libc.so";

const APPLETS = [
  "sh",
  "ls",
  "cat",
  "id",
  "pwd",
  "echo",
  "env",
  "touch",
  "rm",
  "mkdir",
  "sleep",
  "stty",
  "tty",
];

/** apk-db(5): letters for fields, an empty line after each package; files of the package come in between. */
const APK_DATABASE = `C:Q1abcdefghijklmnopqrstuvwxyz0=
P:musl
V:1.2.5-r0
A:x86_64
T:the musl c library (libc) implementation
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755

P:busybox
V:1.36.1-r29
A:x86_64
F:bin
R:busybox

`;

export const ALPINE_PACKAGES = [
  { name: "busybox", version: "1.36.1-r29", architecture: "x86_64" },
  { name: "musl", version: "1.2.5-r0", architecture: "x86_64" },
] as const;

export async function makeAlpineTree(tree: string): Promise<void> {
  await makeBusyboxTree(tree, APPLETS);
  for (const folder of ["lib/apk/db", "usr/lib", "usr/bin", "root", "tmp"]) {
    await mkdir(path.join(tree, folder), { recursive: true });
  }
  await copyFile(MUSL, path.join(tree, "lib/ld-musl-x86_64.so.1"));
  await symlink("ld-musl-x86_64.so.1", path.join(tree, "lib/libc.musl-x86_64.so.1"));
  await compileGuestProgram(path.join(tree, "usr/bin/guest-program"), "musl");
  await writeFile(path.join(tree, "lib/apk/db/installed"), APK_DATABASE);
  await writeFile(path.join(tree, "etc/alpine-release"), "3.20.3\n");
  await rm(path.join(tree, "etc/os-release"));
  await symlink("../usr/lib/os-release", path.join(tree, "etc/os-release"));
  const release = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n';
  await writeFile(path.join(tree, "usr/lib/os-release"), release);
}
