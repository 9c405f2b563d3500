// The values of secrets on the host: `secrets/<workspace id>.json` of the state, mode 0600, outside the workspaces' own
// directories, so that nothing that reads or copies those meets them.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { isWorkspaceId, type WorkspaceId } from "../../contract/ids.js";
import { writeFileAtomic } from "../../platform/atomic-file.js";
import type { Secret } from "./secret.js";

const StoredSecrets = z.array(
  z.object({
    name: z.string(),
    sourceKind: z.enum(["literal", "file"]),
    value: z.base64(),
    /** Of the value: what a full disk or an editor has cut off must not be given to a guest. */
    sha256: z.string(),
  }),
);

const SUFFIX = ".json";

export class SecretStore {
  readonly #directory: string;

  constructor(stateDir: string) {
    this.#directory = path.join(stateDir, "secrets");
  }

  /** Durable when it returns. */
  async write(id: WorkspaceId, secrets: readonly Secret[]): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const stored = secrets.map(({ name, sourceKind, value }) => ({
      name,
      sourceKind,
      value: value.toString("base64"),
      sha256: digest(value),
    }));
    await writeFileAtomic(this.#file(id), JSON.stringify(stored));
  }

  /** Fails with `workspace_damaged` when they are not all there as they were written. */
  async read(id: WorkspaceId, names: readonly string[]): Promise<readonly Secret[]> {
    const stored = parse(await this.#readText(id));
    const secrets = stored?.map(({ name, sourceKind, value, sha256 }) => {
      const secret = { name, sourceKind, value: Buffer.from(value, "base64") };
      return digest(secret.value) === sha256 ? secret : undefined;
    });
    return names.map((name) => {
      const secret = secrets?.find((each) => each?.name === name);
      if (!secret) throw damaged(id, stored ? `the secret ${name} is damaged` : "their file is damaged");
      return secret;
    });
  }

  async remove(id: WorkspaceId): Promise<void> {
    await rm(this.#file(id), { force: true });
  }

  /** Removes what belongs to no workspace: a crash may leave it. */
  async sweep(kept: ReadonlySet<WorkspaceId>): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    const nobodys = names.filter((name) => {
      const id = name.slice(0, -SUFFIX.length);
      return !(name.endsWith(SUFFIX) && isWorkspaceId(id) && kept.has(id));
    });
    await Promise.all(nobodys.map((name) => rm(path.join(this.#directory, name), { force: true })));
  }

  async #readText(id: WorkspaceId): Promise<string> {
    try {
      return await readFile(this.#file(id), "utf8");
    } catch (error) {
      if (isSystemError(error, "ENOENT")) throw damaged(id, "their file is missing");
      throw error;
    }
  }

  #file(id: WorkspaceId): string {
    return path.join(this.#directory, id + SUFFIX);
  }
}

function parse(text: string): z.infer<typeof StoredSecrets> | undefined {
  try {
    return StoredSecrets.parse(JSON.parse(text));
  } catch {
    // What a JSON parser says of it may quote it.
    return undefined;
  }
}

function damaged(id: WorkspaceId, problem: string): PyroError {
  return new PyroError("workspace_damaged", `the secrets of the workspace ${id} cannot be read: ${problem}`, {
    hint: "Without them nothing runs in it. Delete it, and create it anew with its secrets.",
  });
}

function digest(value: Buffer): string {
  return createHash("sha256").update(value).digest("hex");
}
