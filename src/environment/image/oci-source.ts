// The source that pulls images from registries.

import path from "node:path";
import { PyroError } from "../../contract/errors.js";
import { makeDirectories } from "../../platform/make-directories.js";
import type { CatalogueEntry } from "../catalogue.js";
import { GUEST_MOUNT_POINTS } from "../guest-tree.js";
import { acquireSharedLock } from "../../platform/file-lock.js";
import { blobsDir, blobsLockPath } from "../cache-names.js";
import type { OnPullProgress } from "../progress.js";
import type { EnvironmentSource, ResolveRequest, SourceRequest, SourceResult } from "../source.js";
import {
  describeWaiting,
  PullResultSchema,
  ResolveResultSchema,
  type HelperWaiting,
} from "./helper-events.js";
import { callImageHelper, type OnHelperProgress } from "./image-helper.js";

export interface OciSourceOptions {
  /** Registries, `HOST[:PORT]`, that speak plain HTTP. */
  readonly insecureHosts?: readonly string[];
  /** Instead of the package's own. */
  readonly helperPath?: string;
}

export class OciSource implements EnvironmentSource {
  readonly name = "oci";
  readonly #options: OciSourceOptions;

  constructor(options: OciSourceOptions = {}) {
    this.#options = options;
  }

  async install(request: SourceRequest): Promise<SourceResult> {
    const { entry, cacheDir, rootfsDir, signal, onProgress } = request;
    const blobs = blobsDir(cacheDir);
    await makeDirectories(blobs, 0o700);
    // Blobs are collected by who has this lock alone.
    await using _lock = await acquireSharedLock(blobsLockPath(cacheDir), signal);
    const image = await callImageHelper(
      {
        act: "pull",
        request: {
          ...this.#locate(entry),
          rootfs_dir: path.resolve(rootfsDir),
          blobs_dir: path.resolve(blobs),
          mount_points: GUEST_MOUNT_POINTS,
        },
        result: PullResultSchema,
        signal,
        onProgress: tellPhases(onProgress),
        onWaiting: tellWaits(onProgress),
      },
      this.#options.helperPath,
    );
    return { mirrors: [image.reference], image };
  }

  async resolve({ entry, signal, onProgress }: ResolveRequest): Promise<string> {
    const call = {
      act: "resolve",
      request: this.#locate(entry),
      result: ResolveResultSchema,
      signal,
      onWaiting: tellWaits(onProgress),
    } as const;
    return (await callImageHelper(call, this.#options.helperPath)).digest;
  }

  #locate({ name, image }: CatalogueEntry) {
    if (image === undefined) throw new PyroError("source_unavailable", `${name} has no image`);
    const { insecureHosts = [] } = this.#options;
    return { reference: image, ...(insecureHosts.length > 0 && { insecure_hosts: insecureHosts }) };
  }
}

/** A line for each phase, and a bar for what is in between. */
function tellPhases(onProgress: OnPullProgress): OnHelperProgress {
  return ({ phase, done_bytes, total_bytes }, isNewPhase) => {
    const fields = { step: phase };
    if (isNewPhase) onProgress({ phase: "install", fields });
    onProgress({
      phase: "install",
      fields,
      done: { current: done_bytes, total: total_bytes, unit: "bytes" },
    });
  };
}

/** A line for each wait: the bar stands still meanwhile. */
function tellWaits(onProgress: OnPullProgress): (waiting: HelperWaiting) => void {
  return (waiting) => onProgress({ phase: "registry", fields: describeWaiting(waiting) });
}
