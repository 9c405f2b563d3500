// Images for tests, made of what Debian has: umoci writes them, skopeo pushes them.

import { chmod, copyFile, mkdir, readlink, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { runProcess } from "../../../src/platform/processes.js";
import { setShell } from "./set-shell.js";

/** Debian's package busybox-static: one binary that needs nothing. */
const BUSYBOX = "/bin/busybox";

export interface ImageSpec {
  readonly name: string;
  /** Directory whose content is the first layer. */
  readonly tree: string;
  /** Directory whose content is a layer over it. */
  readonly over?: string | undefined;
  /** Arguments of `umoci config`. */
  readonly config?: readonly string[];
  /** Docker's extension of the configuration, SHELL, which umoci does not know. */
  readonly shell?: readonly string[] | undefined;
}

export async function run(...argv: [string, ...string[]]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess(argv);
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr}`);
  return stdout;
}

/** Makes an image and pushes it to `host`, as `host/name`. */
export async function pushImage(directory: string, host: string, spec: ImageSpec): Promise<void> {
  const [repository = "", tag = "latest"] = spec.name.split(":");
  const layout = path.join(directory, `${repository.replaceAll("/", "-")}-${tag}`);
  const image = `${layout}:${tag}`;
  await run("umoci", "init", "--layout", layout);
  await run("umoci", "new", "--image", image);
  const attributes = ["--xattrs", "--xattrs-include=*"] as const;
  for (const tree of [spec.tree, ...(spec.over === undefined ? [] : [spec.over])]) {
    const layer = `${layout}.tar`;
    await run("tar", "-C", tree, "--sort=name", ...attributes, "-cf", layer, ".");
    await run("umoci", "raw", "add-layer", "--image", image, layer);
  }
  if (spec.config) await run("umoci", "config", "--image", image, ...spec.config);
  if (spec.shell) await setShell(layout, spec.shell);
  await run("skopeo", "copy", "--dest-tls-verify=false", `oci:${image}`, `docker://${host}/${spec.name}`);
}

/** A tree of busybox and the names given; what stands in for Alpine: no bash, no git, no GNU tools. */
export async function makeBusyboxTree(tree: string, names: readonly string[]): Promise<void> {
  await mkdir(path.join(tree, "bin"), { recursive: true });
  await mkdir(path.join(tree, "etc"), { recursive: true });
  await copyFile(BUSYBOX, path.join(tree, "bin/busybox"));
  for (const name of names) await symlink("busybox", path.join(tree, "bin", name));
  await writeFile(path.join(tree, "etc/os-release"), "ID=alpine-like\n");
  await writeFile(
    path.join(tree, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001::/srv/app:/bin/sh\n",
  );
  await writeFile(path.join(tree, "etc/group"), "root:x:0:\nappgroup:x:1001:\nextra:x:44:app\n");
}

/** A tree of one static program. */
export async function makeSingleTree(tree: string): Promise<void> {
  await mkdir(tree, { recursive: true });
  // It tells by its name that the program to be comes as an argument.
  await copyFile(BUSYBOX, path.join(tree, "busybox"));
  await chmod(path.join(tree, "busybox"), 0o755);
}

/** The tree of an installed environment. */
export async function findInstalledTree(cacheDir: string, slug: string): Promise<string> {
  return path.join(cacheDir, await readlink(path.join(cacheDir, slug)), "rootfs");
}
