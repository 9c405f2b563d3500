// Says in the description of `workspace_create` what a workspace starts with.

import { neutralise } from "../../contract/untrusted-text.js";
import type { ProjectSource } from "./project-source.js";
import { hideCredentials } from "./repository-url.js";

/** One sentence. */
export function describeStart(source: ProjectSource): string {
  switch (source.kind) {
    case "none":
      return "Without `seed_path` it starts empty.";
    case "client":
      return "Without `seed_path` it starts with the project that this client names (its first root), or empty when it names none.";
    case "path":
    case "repository":
      return `Without \`seed_path\` it starts with ${nameSource(source)}.`;
  }
}

export function describeSeedPath(source: ProjectSource): string {
  const what = "Directory, .tar, .tar.gz or .tgz on the host to start with";
  return source.kind === "none" ? what : `${what}, in place of the project`;
}

/** Of a longer name its end is shown: descriptions have a size. */
const NAME_MAX = 300;

/** What it is, for people and models. */
export function nameSource(source: ProjectSource & { kind: "path" | "repository" }): string {
  const name = neutralise(source.kind === "path" ? source.path : describeRepository(source));
  return name.length <= NAME_MAX ? name : `…${name.slice(-NAME_MAX)}`;
}

function describeRepository({ url, ref }: ProjectSource & { kind: "repository" }): string {
  return `a clean clone of ${hideCredentials(url)}${ref === undefined ? "" : ` at ${ref}`}`;
}
