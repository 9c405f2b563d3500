// How many user namespaces this user may make: user_namespaces(7).

import { readFile } from "node:fs/promises";

export async function readUserNamespaceLimit(): Promise<number> {
  const text = await readFile("/proc/sys/user/max_user_namespaces", "utf8").catch(() => "0");
  return Number(text.trim());
}
