// What the agent has to know of the image, as a file in the guest's tree: agent/internal/launch/image.go reads it.

import { chmod, rm, writeFile } from "node:fs/promises";
import type { ImageRecord } from "./image-record.js";
import { resolveInRoot } from "./resolve-in-root.js";

const IMAGE_FILE = "/usr/lib/pyro/image.json";

/** Writes the file into the tree of an install; the directory is one of its mount points. */
export async function writeImageFile(rootfsDir: string, { config }: ImageRecord): Promise<void> {
  const file = await resolveInRoot(rootfsDir, IMAGE_FILE);
  const { env, working_dir, user, shell } = config;
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify({ env, working_dir, user, shell })}\n`, { flag: "wx" });
  await chmod(file, 0o644);
}
