// The frame of a test file about images: a registry filled with images of several kinds, and pyros that pull from it.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { resolveSettings } from "../../../src/platform/settings.js";
import { TestPyro } from "../test-pyro.js";
import {
  findInstalledTree,
  type ImageSpec,
  makeBusyboxTree,
  makeSingleTree,
  pushImage,
} from "./make-images.js";
import { PASSWORD, startRegistry, USER, type Registry, type RegistryOptions } from "./registry.js";

const APPLETS = [
  "sh",
  "ls",
  "cat",
  "id",
  "pwd",
  "echo",
  "env",
  "touch",
  "hostname",
  "ping",
  "rm",
  "ln",
  "mkdir",
];

/** What `expect` matches, without its type, which is any. */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
export const holding = (...items: readonly unknown[]): unknown => expect.arrayContaining([...items]);

export type FillRegistry = (images: Images) => Promise<void>;

export class Images implements AsyncDisposable {
  readonly directory: string;
  readonly #opened: AsyncDisposable[] = [];
  readonly #trees: string;
  #registry: Registry | undefined;
  #pyro: TestPyro | undefined;

  private constructor(directory: string) {
    this.directory = directory;
    this.#trees = path.join(directory, "trees");
  }

  /** `fill` pushes what is to be in the registry; without it one of each kind that this file knows; false is nothing. */
  static async open(fill?: FillRegistry | false): Promise<Images> {
    const images = new Images(await mkdtemp(path.join(tmpdir(), "pyro-images-")));
    images.#registry = await images.openRegistry("plain");
    await mkdir(images.#trees);
    if (fill !== false) await (fill ? fill(images) : images.#fill());
    images.#pyro = await images.openPyro();
    return images;
  }

  get registry(): Registry {
    if (!this.#registry) throw new Error("the registry is not open");
    return this.#registry;
  }

  get pyro(): TestPyro {
    if (!this.#pyro) throw new Error("the pyro is not open");
    return this.#pyro;
  }

  /** The reference of one of its images. */
  name(image: string, at: Registry = this.registry): string {
    return `${at.host}/team/${image}`;
  }

  /** One more registry with the same images. */
  async openRegistry(name: string, options: Omit<RegistryOptions, "storage"> = {}): Promise<Registry> {
    const storage = path.join(this.directory, "storage");
    return this.#keep(await startRegistry(path.join(this.directory, name), { storage, ...options }));
  }

  /** One more pyro, with a cache of its own. */
  async openPyro(extra: Readonly<Record<string, string>> = {}): Promise<TestPyro> {
    const cache = await mkdtemp(path.join(this.directory, "cache-"));
    return this.#keep(await TestPyro.create({ PYRO_ENVIRONMENT_CACHE_DIR: cache, ...extra }));
  }

  /** A directory for DOCKER_CONFIG that knows the password for `host`. */
  async writeLogin(host: string, password = PASSWORD): Promise<string> {
    const login = await mkdtemp(path.join(this.directory, "login-"));
    const auth = Buffer.from(`${USER}:${password}`).toString("base64");
    await writeFile(path.join(login, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
    return login;
  }

  /** Where a tree of that name can be made. */
  treePath(name: string): string {
    return path.join(this.#trees, name);
  }

  /** A tree of busybox, in which files can be changed before it is pushed. */
  async makeTree(name: string): Promise<string> {
    const tree = path.join(this.#trees, name);
    await makeBusyboxTree(tree, APPLETS);
    return tree;
  }

  async push(
    name: string,
    tree: string,
    config: readonly string[] = [],
    more: Pick<ImageSpec, "over" | "shell"> = {},
  ): Promise<void> {
    const layouts = await mkdtemp(path.join(this.directory, "layout-"));
    await pushImage(layouts, this.registry.host, { name, tree, config, ...more });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#opened.reverse()) await each[Symbol.asyncDispose]();
    await rm(this.directory, { recursive: true, force: true });
  }

  #keep<Opened extends AsyncDisposable>(opened: Opened): Opened {
    this.#opened.push(opened);
    return opened;
  }

  async #fill(): Promise<void> {
    const alpine = await this.makeTree("alpine");
    const distroless = path.join(this.#trees, "distroless");
    await makeBusyboxTree(distroless, []);
    const single = path.join(this.#trees, "single");
    await makeSingleTree(single);
    await this.push("team/alpine:3", alpine);
    await this.push("team/app:1", alpine, [
      ...[
        "--config.user",
        "app",
        "--config.workingdir",
        "/srv/made/here",
        "--config.env",
        "GREETING=hi there",
      ],
      ...["--config.env", "PATH=/opt/bin:/bin", "--config.entrypoint", "sh", "--config.entrypoint", "-c"],
      ...["--config.cmd", "id; pwd; echo $GREETING; echo to-stderr >/dev/stderr; exit 3"],
      ...["--config.label", "org.opencontainers.image.licenses=GPL-2.0-only"],
    ]);
    await this.push("team/nobody:1", alpine, ["--config.user", "nobody-here"]);
    await this.push("team/distroless:1", distroless, [
      ...["--config.user", "65532:65532", "--config.entrypoint", "/bin/busybox"],
      ...["--config.cmd", "echo", "--config.cmd", "from the image"],
    ]);
    await this.push("team/single:1", single, ["--config.entrypoint", "/busybox", "--config.cmd", "id"]);
    await this.push("team/arm:1", alpine, ["--architecture", "arm64"]);
    await this.push("team/debian:12", await installedBase());
  }
}

/** The tree of debian:12-base, as it is installed for all tests. */
export async function installedBase(): Promise<string> {
  return findInstalledTree(resolveSettings().environmentCacheDir, "debian-12-base");
}

/** Call it once in a file; they are there while its tests run. */
export function useImages(fill?: FillRegistry | false): () => Images {
  let images: Images | undefined;
  beforeAll(async () => {
    images = await Images.open(fill);
  });
  afterAll(async () => images?.[Symbol.asyncDispose]());
  return () => {
    if (!images) throw new Error("the images are only there while a test runs");
    return images;
  };
}
