// Why a package installation failed, from what its programs printed.

import { PyroError } from "../contract/errors.js";

const NO_SPACE = /No space left on device|Disk quota exceeded|don't have enough free space|ENOSPC/i;
const NO_ID_RANGE = /newuidmap|newgidmap|\bsub[ug]id\b|map-auto/i;
const NO_NAMESPACE =
  /^unshare: .*(Operation not permitted|No space left on device|Invalid argument)|mount: .*permission denied/im;
/** Lines in which apt, mmdebstrap and tar say what is wrong, rather than what they are doing. */
const COMPLAINT =
  /^(E:|Err:|W: Failed|\s+(Could not|Unable|Temporary|Connection|\d{3} )|tar:|unshare:|bash:|dpkg: error)/;
const QUOTED_LINES = 6;

/** The error for output that ended in failure. `cacheDir` is named where the disk is full. */
export function explainMmdebstrapFailure(output: string, cacheDir: string): PyroError {
  const lines = output.split("\n").map((line) => line.trimEnd());
  const complaints = [...new Set(lines.filter((line) => COMPLAINT.test(line)))];
  const quoted = (complaints.length > 0 ? complaints : lines.filter((line) => line !== "")).slice(
    -QUOTED_LINES,
  );
  const details = { output: quoted };
  // Before the full disk: a host that allows no more user namespaces says "No space left on device" too.
  if (NO_NAMESPACE.test(output)) {
    return new PyroError("source_unavailable", `this host allows no namespaces for a package installation`, {
      hint: "Run `pyro doctor` to see what forbids user namespaces, or pull as root.",
      details,
    });
  }
  if (NO_SPACE.test(output)) {
    return new PyroError("out_of_disk", `no space left for environments in ${cacheDir}`, { details });
  }
  if (NO_ID_RANGE.test(complaints.join("\n"))) return missingIdRange(details);
  const [reason = "no reason given"] = complaints.length > 0 ? complaints : quoted.slice(-1);
  return new PyroError("source_unavailable", `packages could not be installed: ${reason.trim()}`, {
    hint: "Check the network and the mirrors in /etc/apt, then pull again.",
    details,
  });
}

/** For an ordinary user without subordinate ids. */
export function missingIdRange(details: Record<string, unknown> = {}): PyroError {
  return new PyroError(
    "source_unavailable",
    "this user has no subordinate ids, which packages need while installed",
    {
      hint: "As root: `apt-get install -y uidmap && usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER`.",
      details,
    },
  );
}
