// How mmdebstrap is run: the same way for root and for an ordinary user.
//
// It works in a mount and process namespace of its own, as that namespace's root, and its tar stream is unpacked
// inside it too. An ordinary user's namespace maps a range of subordinate ids, which packages need while they
// are installed; unpacked, everything belongs to the user.

import type { CatalogueEntry } from "./catalogue.js";

// The namespace dies when `unshare` does, and that dies with the process that started it: however a pull ends,
// nothing of it stays.
const NAMESPACE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"] as const;
const USER_NAMESPACE = ["--user", "--map-root-user", "--map-auto"] as const;

// $1: the work directory; $2: whether tar restores owners; the rest is for mmdebstrap. The work directory stands
// in for /tmp, so that its path does not matter: mmdebstrap knows characters that it does not take, and apt's
// sandbox user must reach it. tar has the tree as its working directory.
const SCRIPT = `
set -o pipefail
work=$1 owners=$2
shift 2
mount --bind "$work" /tmp || exit
mmdebstrap "$@" | tar --extract --preserve-permissions "$owners" --numeric-owner --exclude='./dev/*'
`;

// merged-usr spares the package usrmerge, and with it all of perl, in a minimal tree.
export const MERGED_USR_HOOK = "/usr/share/mmdebstrap/hooks/merged-usr";

/** The name of the file in the work directory that holds additional settings for apt. */
export const APT_CONF_NAME = "pyro-apt.conf";

// Unused in a guest: manuals, translations and the like. Licences stay.
const UNNEEDED = ["man", "locale", "doc", "info", "lintian", "bug"] as const;

export interface MmdebstrapOptions {
  readonly entry: CatalogueEntry;
  readonly workDir: string;
  readonly asRoot: boolean;
  readonly hasMergedUsrHook: boolean;
}

/** The command line. It wants the tree as its working directory and a sources.list on its standard input. */
export function buildMmdebstrapCommand(options: MmdebstrapOptions): [string, ...string[]] {
  const { entry, workDir, asRoot, hasMergedUsrHook } = options;
  return [
    "setpriv",
    "--pdeathsig=KILL",
    ...NAMESPACE,
    ...(asRoot ? [] : USER_NAMESPACE),
    "bash",
    "-c",
    SCRIPT,
    "pull",
    workDir,
    asRoot ? "--same-owner" : "--no-same-owner",
    "--verbose",
    "--mode=root",
    "--variant=minbase",
    "--architectures=amd64",
    `--aptopt=/tmp/${APT_CONF_NAME}`,
    ...UNNEEDED.map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    "--dpkgopt=path-include=/usr/share/doc/*/copyright",
    // A power cut in the middle of a pull costs a pull, not a system.
    "--dpkgopt=force-unsafe-io",
    ...(hasMergedUsrHook ? [`--hook-dir=${MERGED_USR_HOOK}`] : []),
    ...(entry.defaultPackages.length > 0 ? [`--include=${entry.defaultPackages.join(",")}`] : []),
    entry.release,
    "-",
    "-",
  ];
}
