// Images of the kinds that people have, from one directory for each to one file: what each is made of, and has.

import path from "node:path";
import { resolveSettings } from "../../../src/platform/settings.js";
import { ALPINE_PACKAGES, makeAlpineTree } from "./alpine-tree.js";
import { makeDevcontainerTree } from "./devcontainer-tree.js";
import { makeDistrolessTree } from "./distroless-tree.js";
import { makeFedoraTree } from "./fedora-tree.js";
import { compileGuestProgram } from "./guest-program.js";
import { findInstalledTree } from "./make-images.js";
import type { Images } from "./use-images.js";

/** Directories. */
export interface Layers {
  readonly tree: string;
  readonly over?: string;
}

export interface ImageKind {
  readonly title: string;
  readonly image: string;
  /** What guest-program.c has become in it. */
  readonly program: string;
  readonly config: readonly string[];
  /** What interactive shells run; absent when there is none. */
  readonly shell?: string;
  /** Makes its layers; `tree` is there for one that has to be made. */
  readonly make: (tree: string) => Promise<Layers>;
  /** What `guest-program show` prints in `run`. */
  readonly shown: string;
  readonly distribution: readonly [id: string, version: string];
  /** Some of its packages, when its list can be read. */
  readonly packages: readonly { readonly name: string }[];
  readonly hasGit: boolean;
}

const PROGRAM = "/usr/bin/guest-program";

const inTree = (fill: (tree: string) => Promise<void>) => async (tree: string) => {
  await fill(tree);
  return { tree };
};

const ALPINE: ImageKind = {
  title: "Alpine-like: musl, sh of busybox, no bash, no git",
  image: "alpine:3.20",
  program: PROGRAM,
  config: ["--config.cmd", "/bin/sh"],
  shell: "/bin/sh",
  make: inTree(makeAlpineTree),
  shown: "uid=0 gid=0 groups= name=root HOME=/root cwd=/ tty=0\n",
  distribution: ["alpine", "3.20.3"],
  packages: ALPINE_PACKAGES,
  hasGit: false,
};

const FEDORA: ImageKind = {
  title: "Fedora-like: one /usr, lib64, bash, rpm, no git",
  image: "fedora:40",
  program: PROGRAM,
  config: ["--config.cmd", "/bin/bash"],
  shell: "/bin/bash",
  make: inTree(makeFedoraTree),
  shown: "uid=0 gid=0 groups= name=root HOME=/root cwd=/ tty=0\n",
  distribution: ["fedora", "40"],
  packages: [],
  hasGit: false,
};

const DISTROLESS: ImageKind = {
  title: "distroless: a user, certificates, no shell",
  image: "distroless:12",
  program: PROGRAM,
  config: [
    "--config.user",
    "nonroot",
    "--config.entrypoint",
    PROGRAM,
    "--config.workingdir",
    "/home/nonroot",
  ],
  make: inTree(makeDistrolessTree),
  shown: "uid=65532 gid=65532 groups= name=nonroot HOME=/home/nonroot cwd=/home/nonroot tty=0\n",
  distribution: ["debian", "12"],
  packages: [{ name: "libc6" }],
  hasGit: false,
};

const SINGLE: ImageKind = {
  title: "one static program, no directory, a user by number",
  image: "single:1",
  program: "/guest-program",
  config: ["--config.user", "65532:65533", "--config.entrypoint", "/guest-program"],
  make: inTree((tree) => compileGuestProgram(path.join(tree, "guest-program"), "static")),
  shown: "uid=65532 gid=65533 groups= name=- HOME=/ cwd=/ tty=0\n",
  distribution: ["", ""],
  packages: [],
  hasGit: false,
};

const DEVCONTAINER: ImageKind = {
  title: "devcontainer: Debian with a user, tools in a PATH of its own",
  image: "devcontainer:1",
  program: "guest-program",
  config: [
    ...["--config.user", "vscode", "--config.workingdir", "/workspaces/app"],
    ...["--config.env", "PATH=/opt/tools:/usr/local/bin:/usr/bin:/bin", "--config.env", "EDITOR=none"],
    ...["--config.label", `devcontainer.metadata=[{"remoteUser":"vscode"}]`],
    ...["--config.cmd", "bash"],
  ],
  shell: "/bin/bash",
  make: async (over) => {
    const tree = await findInstalledTree(resolveSettings().environmentCacheDir, "debian-12");
    await makeDevcontainerTree(over, tree);
    return { tree, over };
  },
  shown: "uid=1000 gid=1000 groups=998 name=vscode HOME=/home/vscode cwd=/workspaces/app tty=0\n",
  distribution: ["debian", "12"],
  packages: [{ name: "bash" }],
  hasGit: true,
};

export const KINDS: readonly ImageKind[] = [ALPINE, FEDORA, DISTROLESS, SINGLE, DEVCONTAINER];

/** Makes the image of a kind and puts it into the registry of `images`. */
export async function pushKind(images: Images, kind: ImageKind): Promise<void> {
  const { tree, over } = await kind.make(images.treePath(kind.image.replace(":", "-")));
  await images.push(`team/${kind.image}`, tree, kind.config, { over });
}
