// The frame of a test file about exports of snapshots: a workspace with a snapshot that has everything in it, and what
// is done with its exports.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { beforeAll } from "vitest";
import type { TestPyro } from "../test-pyro.js";
import { run } from "./make-images.js";
import { CONTENT_SCRIPT } from "./tree-content.js";
import { useImages, type Images } from "./use-images.js";

export class SnapshotExports {
  readonly images: Images;
  readonly pyro: TestPyro;
  /** Of a workspace of a Debian image. */
  readonly id: string;
  /** Of the image of its snapshot `prepared`. */
  readonly digest: string;

  private constructor(images: Images, id: string, digest: string) {
    this.images = images;
    this.pyro = images.pyro;
    this.id = id;
    this.digest = digest;
  }

  static async open(images: Images): Promise<SnapshotExports> {
    const id = await new SnapshotExports(images, "", "").create(images.name("debian:12"));
    const opened = new SnapshotExports(images, id, "");
    await opened.exec(id, CONTENT_SCRIPT);
    // Slow to compress: so that there is time to interrupt it.
    await opened.exec(id, "head -c 60000000 /dev/urandom >/workspace/random");
    await images.pyro.run(["workspace", "snapshot", "create", id, "prepared"]);
    const digest = await opened.digestOf(path.join(await opened.freshDirectory(), "first"));
    return new SnapshotExports(images, id, digest);
  }

  /** A workspace's id. */
  async create(environment: string, ...more: string[]): Promise<string> {
    const { stdout, stderr } = await this.pyro.run([
      ...["workspace", "create", environment, ...more, "--id-only"],
    ]);
    const made = stdout.toString().trim();
    if (!made) throw new Error(stderr);
    return made;
  }

  /** What a script of the guest's sh prints, a character for each byte. */
  async exec(workspace: string, script: string): Promise<string> {
    const words = ["workspace", "exec", workspace, "--timeout-seconds", "300", "--", "sh", "-c", script];
    const { stdout, stderr, status } = await this.pyro.run(words);
    if (status !== 0) throw new Error(stderr);
    return stdout.toString("latin1");
  }

  exportTo(output: string, name = "prepared", workspace = this.id) {
    return this.pyro.json(["workspace", "snapshot", "export", workspace, name, "--output", output]);
  }

  /** Exports, and tells the digest, or what came instead. */
  async digestOf(output: string, name?: string, workspace?: string): Promise<string> {
    const { value } = await this.exportTo(output, name, workspace);
    const text = JSON.stringify(value);
    return /"digest":"(sha256:[0-9a-f]{64})"/.exec(text)?.[1] ?? text;
  }

  /** A directory of its own, for what an export makes or must not leave. */
  freshDirectory(): Promise<string> {
    return mkdtemp(path.join(this.images.directory, "exported-"));
  }

  /** Starts an export and waits until it is in this phase. */
  async start(output: string, phase: string) {
    const child = this.pyro.start([
      "workspace",
      "snapshot",
      "export",
      this.id,
      "prepared",
      "--output",
      output,
    ]);
    const ended = once(child, "close");
    let told = "";
    for await (const chunk of child.stderr ?? []) {
      told += String(chunk);
      if (told.includes(`phase=${phase}\n`)) return { child, ended };
    }
    throw new Error(`the export ended: ${told}`);
  }
}

/** Call it once in a file; they are there while its tests run. */
export function useSnapshotExports(): () => SnapshotExports {
  const images = useImages();
  let exports: SnapshotExports | undefined;
  beforeAll(async () => {
    exports = await SnapshotExports.open(images());
  });
  return () => {
    if (!exports) throw new Error("the exports are only there while a test runs");
    return exports;
  };
}

/** Of a layout, as skopeo sees it. */
export async function layersOf(layout: string): Promise<readonly string[]> {
  const inspected: unknown = JSON.parse(await run("skopeo", "inspect", `oci:${layout}`));
  const layers = typeof inspected === "object" && inspected && "Layers" in inspected ? inspected.Layers : [];
  return Array.isArray(layers) ? layers.map(String) : [];
}

/** The digest of a layout, all of which skopeo reads. */
export async function readWhole(layout: string): Promise<string> {
  await run("skopeo", "copy", `oci:${layout}`, `dir:${layout}-copy`);
  await rm(`${layout}-copy`, { recursive: true });
  return (await run("skopeo", "inspect", "--format", "{{.Digest}}", `oci:${layout}`)).trim();
}
