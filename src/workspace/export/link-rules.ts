// Which symbolic links an export keeps: those that can lead nowhere but into the exported tree.

/** Why a link at `linkPath`, relative to the tree, is left out; undefined when it may stay. */
export function judgeLink(linkPath: string, target: string): string | undefined {
  if (target.startsWith("/")) return "a link to an absolute path";
  const steps = target.split("/").filter((step) => step !== "" && step !== ".");
  const upward = steps.findIndex((step) => step !== "..");
  const climbs = upward === -1 ? steps.length : upward;
  // The parents of an entry are real directories, so that each leading `..` takes one of them off.
  if (climbs > linkPath.split("/").length - 1) return "a link that leaves the exported directory";
  // A name may be a link itself, and what `..` means behind it cannot be told from the text.
  if (steps.includes("..", climbs)) return "a link with `..` behind a name";
  return undefined;
}
