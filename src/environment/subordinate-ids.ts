// Subordinate user ids: packages own files by several users, so an ordinary user needs more ids than one while
// they are installed. See subuid(5).

import { readFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { type ErrorDetails, PyroError } from "../contract/errors.js";

/** Whether this user may have a range in /etc/subuid. Where that cannot be told, newuidmap will tell. */
export async function hasIdRange(): Promise<boolean> {
  const name = userName();
  const text = await readFile("/etc/subuid", "utf8").catch(() => undefined);
  if (text === undefined || name === undefined) return true;
  const owners = text.split("\n").map((line) => line.split(":")[0]);
  return owners.includes(name) || owners.includes(String(process.geteuid?.()));
}

/** The error of a pull by an ordinary user who has none. */
export function missingIdRange(details: ErrorDetails = {}): PyroError {
  const range = "--add-subuids 100000-165535 --add-subgids 100000-165535";
  return new PyroError(
    "source_unavailable",
    "this user has no subordinate ids, which packages are installed with",
    {
      hint: `As root: \`apt-get install -y uidmap && usermod ${range} ${userName() ?? "USER"}\`.`,
      details,
    },
  );
}

/** Undefined for a uid that no user database knows. */
function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
