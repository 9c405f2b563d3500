// The environments that this version knows by name. Names are stable: they are part of the contract.

import { PyroError } from "../contract/errors.js";
import { PACKAGE_VERSION } from "../platform/package-files.js";
import { suggestName } from "../contract/suggest-name.js";

export type SourceName = "oci" | "packages";

export interface CatalogueEntry {
  readonly name: string;
  /** The version of the catalogue, which is that of this package. */
  readonly version: string;
  readonly description: string;
  /** What is installed on top of the distribution's minimal set. */
  readonly defaultPackages: readonly string[];
  readonly distribution: string;
  readonly distributionVersion: string;
  /** The distribution's own name for the release, as in its archives. */
  readonly release: string;
  readonly platform: string;
  /** The kind of guest that it runs in. */
  readonly compatibility: string;
  /** Where it can come from, in the order in which that is tried. */
  readonly sources: readonly SourceName[];
}

const DEBIAN_12 = {
  version: PACKAGE_VERSION,
  distribution: "debian",
  distributionVersion: "12",
  release: "bookworm",
  platform: "linux/amd64",
  compatibility: "gvisor",
  sources: ["oci", "packages"],
} as const;

const MINIMAL_PACKAGES = ["bash", "coreutils"] as const;
// procps and less: agents and git look for `ps`, `pkill` and a pager before anything else.
const STANDARD_PACKAGES = [
  ...MINIMAL_PACKAGES,
  "git",
  "curl",
  "ca-certificates",
  "python3",
  "procps",
  "less",
] as const;

export const CATALOGUE: readonly CatalogueEntry[] = [
  {
    ...DEBIAN_12,
    name: "debian:12",
    description: "Debian 12 with git, curl, CA certificates and Python 3",
    defaultPackages: STANDARD_PACKAGES,
  },
  {
    ...DEBIAN_12,
    name: "debian:12-base",
    description: "Minimal Debian 12: a shell, the core utilities and apt",
    defaultPackages: MINIMAL_PACKAGES,
  },
  {
    ...DEBIAN_12,
    name: "debian:12-build",
    description: "Debian 12 with compilers, CMake, Python with venv and pip, Node.js, npm, ripgrep and jq",
    defaultPackages: [
      ...STANDARD_PACKAGES,
      "build-essential",
      "cmake",
      "python3-venv",
      "python3-pip",
      "nodejs",
      "npm",
      "ripgrep",
      "jq",
    ],
  },
];

/** The entry of that name. Throws environment_not_found, which lists the names there are. */
export function getCatalogueEntry(name: string): CatalogueEntry {
  const entry = CATALOGUE.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const known = CATALOGUE.map((candidate) => candidate.name);
  const suggestion = suggestName(name, known);
  throw new PyroError("environment_not_found", `no environment named "${name}"; known: ${known.join(", ")}`, {
    hint: suggestion ? `Did you mean ${suggestion}? See \`pyro env list\`.` : "See `pyro env list`.",
    details: { environment: name, known },
  });
}
