// Why a package installation failed, from what its programs printed.

import { PyroError } from "../contract/errors.js";
import { missingIdRange } from "./subordinate-ids.js";

const NO_SPACE = /No space left on device|Disk quota exceeded|don't have enough free space/i;
const NO_ID_RANGE = /newuidmap|newgidmap|\bsub[ug]id\b|map-auto/i;
// mmdebstrap's own mounts below /tmp may be denied without harm.
const NO_NAMESPACE =
  /^unshare: .*(not permitted|denied|No space left on device|Invalid argument)|^mount: \/tmp: .*(denied|not permitted)/m;
/** Lines in which programs say what is wrong, rather than what they are doing. */
const COMPLAINT = /^(E: |Err:|W: Failed|tar: |unshare: |mount: \/tmp: |bash: |dpkg: error|newuidmap: )/;
/** What follows from the failure: the first is apt's, the others are of a stream that ended early. */
const CONSEQUENCE =
  /^(E: Some index files|E: .* failed( to run)?$|tar: This does not look|tar: (Exiting|Error is))/;
const QUOTED_LINES = 6;

/** The error for the output of an installation that failed. */
export function explainMmdebstrapFailure(output: string): PyroError {
  const lines = output.split("\n").map((line) => line.trimEnd());
  const complaints = [...new Set(lines.filter((line) => COMPLAINT.test(line) && !CONSEQUENCE.test(line)))];
  const quoted = (complaints.length > 0 ? complaints : lines.filter((line) => line !== "")).slice(
    -QUOTED_LINES,
  );
  const details = { output: quoted };
  // Before the full disk: a host that allows no more user namespaces says "No space left on device" too.
  if (NO_NAMESPACE.test(output)) {
    return new PyroError("source_unavailable", "this host allows no namespaces for a package installation", {
      hint: "Run `pyro doctor` to see what forbids user namespaces, or pull as root.",
      details,
    });
  }
  if (NO_SPACE.test(output)) {
    return new PyroError("out_of_disk", "no space left on the disk of the environment cache", { details });
  }
  if (NO_ID_RANGE.test(complaints.join("\n"))) return missingIdRange(details);
  const reason = quoted.at(-1)?.replace(/^E: /, "") ?? "no reason given";
  return new PyroError("source_unavailable", `packages could not be installed: ${reason}`, {
    hint: "Check the network and the mirrors in /etc/apt, then pull again.",
    details,
  });
}
