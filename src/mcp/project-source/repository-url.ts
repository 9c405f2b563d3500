// Which repositories may be cloned, and how one is shown. Pure.

import path from "node:path";
import { pathToFileURL } from "node:url";
import { PyroError } from "../../contract/errors.js";

/** Git's transports that run no program of the URL's choice. */
export const TRANSPORTS = ["file", "https", "ssh"] as const;

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;
/** `user@host:path`, as ssh's own tools write it. */
const SSH_SHORT_FORM = /^(?:[\w.-]+@)?[\w.-]+:(?!:|\/\/)/;
const CREDENTIALS = /^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i;

/**
 * The URL as Git may have it. A path becomes a `file:` URL, because Git ignores the depth of a clone otherwise.
 * Throws `invalid_input` for a URL that Git would take for an option or for a command.
 */
export function parseRepositoryUrl(text: string): string {
  if (/[\p{Cc}\s]/u.test(text) || text.startsWith("-")) throw refuse(text, "it is no URL");
  if (path.isAbsolute(text)) return pathToFileURL(text).href;
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined ? SSH_SHORT_FORM.test(text) : TRANSPORTS.some((each) => each === scheme))
    return text;
  throw refuse(text, scheme === undefined ? "it is no URL" : `${scheme}: is not a way to clone here`);
}

/** A branch, a tag or a commit; throws `invalid_input` for what could be none, or an option. */
export function parseRepositoryRef(text: string): string {
  // git-check-ref-format(1), as far as it concerns what could be something else than a name.
  if (/^[\w./+@#%=,-]+$/.test(text) && !text.startsWith("-") && !text.includes("..") && !text.endsWith("/")) {
    return text;
  }
  throw new PyroError("invalid_input", `--repo-ref ${JSON.stringify(text)} names no branch, tag or commit`, {
    hint: "Start the server with the name of a branch or tag of the repository, or with a full commit id.",
  });
}

/** The URL without a user and password in it. */
export function hideCredentials(url: string): string {
  return url.replace(CREDENTIALS, "$1");
}

function refuse(url: string, why: string): PyroError {
  return new PyroError("invalid_input", `--repo-url ${JSON.stringify(hideCredentials(url))}: ${why}`, {
    hint: "Start the server with an https:, ssh: or file: URL, or with `git@host:path`.",
  });
}
