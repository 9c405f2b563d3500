// Secrets as a user gives them, with the contents of the files that they name.

import { constants, open } from "node:fs/promises";
import { isSystemError, PyroError } from "../../contract/errors.js";
import { SECRET_MAX_BYTES, SECRETS_TOTAL_MAX_BYTES } from "../../contract/limits.js";
import type { Secret } from "./secret.js";

export interface SecretSource {
  readonly name: string;
  readonly value?: string | undefined;
  /** Absolute, on the host. */
  readonly filePath?: string | undefined;
}

export async function readSecrets(sources: readonly SecretSource[]): Promise<readonly Secret[]> {
  const secrets = await Promise.all(sources.map(readSecret));
  const totalBytes = secrets.reduce((sum, { value }) => sum + value.length, 0);
  if (totalBytes <= SECRETS_TOTAL_MAX_BYTES) return secrets;
  throw new PyroError(
    "invalid_input",
    `secrets: ${totalBytes} bytes together, at most ${SECRETS_TOTAL_MAX_BYTES} are allowed`,
  );
}

async function readSecret({ name, value, filePath }: SecretSource): Promise<Secret> {
  if (filePath === undefined) return { name, sourceKind: "literal", value: Buffer.from(value ?? "") };
  return { name, sourceKind: "file", value: await readSecretFile(name, filePath) };
}

async function readSecretFile(name: string, file: string): Promise<Buffer> {
  try {
    // A fifo must not be waited for.
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) throw unusable(name, file, "it is no regular file");
    const buffer = Buffer.alloc(SECRET_MAX_BYTES + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    if (bytesRead > SECRET_MAX_BYTES)
      throw unusable(name, file, `it has more than ${SECRET_MAX_BYTES} bytes`);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) {
      throw new PyroError("path_not_found", `the secret ${name}: there is no file ${file}`, {
        hint: "Give the path of a file with the secret's value.",
        cause: error,
      });
    }
    if (isSystemError(error, "EACCES", "EPERM", "ELOOP", "ENXIO")) {
      throw unusable(name, file, error instanceof Error ? error.message : "it cannot be read");
    }
    throw error;
  }
}

function unusable(name: string, file: string, reason: string): PyroError {
  return new PyroError("invalid_input", `the secret ${name}: ${file} cannot be used: ${reason}`, {
    hint: "Give the path of a file with the secret's value.",
  });
}
