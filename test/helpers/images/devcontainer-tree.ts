// What a devcontainer's image has over its distribution: a user of its own with a home, and a place for the project.

import { chown, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { compileGuestProgram } from "./guest-program.js";

const UID = 1000;

/** A layer for an image of `distribution`, a tree with users. */
export async function makeDevcontainerTree(tree: string, distribution: string): Promise<void> {
  const home = path.join(tree, "home/vscode");
  for (const folder of ["etc", "home/vscode/.local/bin", "opt/tools", "usr/local/bin"]) {
    await mkdir(path.join(tree, folder), { recursive: true });
  }
  const own = {
    "etc/passwd": "vscode:x:1000:1000:,,,:/home/vscode:/bin/bash\n",
    "etc/group": "vscode:x:1000:\ndocker:x:998:vscode\n",
  };
  for (const [name, lines] of Object.entries(own)) {
    const users = await readFile(path.join(distribution, name), "utf8");
    await writeFile(path.join(tree, name), users + lines);
  }
  await writeFile(path.join(home, ".bashrc"), "export FROM_BASHRC=yes\n");
  // The tools' own directory, which only the image's PATH names.
  await compileGuestProgram(path.join(tree, "opt/tools/guest-program"), "glibc");
  await symlink("/opt/tools/guest-program", path.join(home, ".local/bin/tool"));
  if (process.geteuid?.() !== 0) return;
  for (const owned of ["", ".bashrc", ".local", ".local/bin"]) await chown(path.join(home, owned), UID, UID);
}
