// Which archives a Debian tree is built from: the host's own mirrors where it has some, else Debian's.

import type { AptSource } from "./apt-sources.js";

export interface DebianMirror {
  readonly uri: string;
  readonly suite: string;
}

/** The Debian archive keys, from the package debian-archive-keyring. */
export const DEBIAN_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

/** One mirror list for all suites of `release`: itself, its updates and its security fixes. */
export function chooseMirrors(release: string, hostSources: readonly AptSource[]): DebianMirror[] {
  const usable = hostSources.filter(isDebianArchive);
  return defaultMirrors(release).flatMap((fallback) => {
    const uris = usable
      .filter(({ suites }) => suites.includes(fallback.suite))
      .flatMap((source) => source.uris);
    const own = [...new Set(uris.filter(isDebianUri))].map((uri) => ({ uri, suite: fallback.suite }));
    return own.length > 0 ? own : [fallback];
  });
}

/** Debian's own archives: also what a guest's apt is told, for the host's mirrors are the host's business. */
export function defaultMirrors(release: string): DebianMirror[] {
  return [
    { uri: "http://deb.debian.org/debian", suite: release },
    { uri: "http://deb.debian.org/debian", suite: `${release}-updates` },
    { uri: "http://deb.debian.org/debian-security", suite: `${release}-security` },
  ];
}

/** The text of a sources.list. */
export function formatSourcesList(mirrors: readonly DebianMirror[]): string {
  return mirrors.map(({ uri, suite }) => `deb [signed-by=${DEBIAN_KEYRING}] ${uri} ${suite} main\n`).join("");
}

/** A mirror's URL as it may be shown: without user name, password and query. */
export function formatMirror({ uri, suite }: DebianMirror): string {
  const url = new URL(uri);
  return `${url.protocol}//${url.host}${url.pathname} ${suite}`;
}

// Other vendors publish for the same suite names: theirs are signed by other keys or lie at other paths.
function isDebianArchive(source: AptSource): boolean {
  const { enabled, types, components, signedBy } = source;
  if (!enabled || !types.includes("deb") || !components.includes("main")) return false;
  return signedBy === undefined || signedBy.includes("debian-archive");
}

function isDebianUri(uri: string): boolean {
  if (!/^https?:\/\//.test(uri) || !URL.canParse(uri)) return false;
  const { hostname, pathname } = new URL(uri);
  return hostname === "security.debian.org" || /\/debian(-security)?(\/|$)/.test(pathname);
}
