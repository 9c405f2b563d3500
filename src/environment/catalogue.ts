// The environments that this version knows by name. Names are stable: they are part of the contract. What is no name
// of the catalogue is the reference of an image, in a registry or in a directory.

import { PyroError } from "../contract/errors.js";
import {
  formatImageReference,
  isLayoutReference,
  parseImageReference,
  suggestImageReference,
} from "../contract/image-reference.js";
import { refuseCredentials } from "../contract/refuse-credentials.js";
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
  /** The distribution's own name for the release, as in its archives; empty for an image. */
  readonly release: string;
  readonly platform: string;
  /** The kind of guest that it runs in. */
  readonly compatibility: string;
  /** Where it can come from, in the order in which that is tried. */
  readonly sources: readonly SourceName[];
  /** Reference of the image that the source `oci` pulls. */
  readonly image?: string;
}

const DEBIAN_12 = {
  version: PACKAGE_VERSION,
  distribution: "debian",
  distributionVersion: "12",
  release: "bookworm",
  platform: "linux/amd64",
  compatibility: "gvisor",
  sources: ["packages"],
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

/** The catalogue as far as images of it are published: in `registry`, `HOST[:PORT][/PATH]`, under the same names. */
export function listCatalogue(registry?: string): readonly CatalogueEntry[] {
  if (registry === undefined) return CATALOGUE;
  return CATALOGUE.map((entry) => ({
    ...entry,
    sources: ["oci", ...entry.sources],
    image: `${registry}/${entry.name}`,
  }));
}

/** The entry of that name, or one for the image of that reference. Throws environment_not_found, which lists the names, or invalid_input. */
export function getEnvironment(name: string, registry?: string): CatalogueEntry {
  const entry = listCatalogue(registry).find((candidate) => candidate.name === name);
  if (entry) return entry;
  if (isLayoutReference(name)) return describeImage(name, "");
  const reference = parseImageReference(name);
  if (reference) return describeImage(formatImageReference(reference), reference.tag ?? "");
  refuseCredentials(name);
  const known = CATALOGUE.map((candidate) => candidate.name);
  throw new PyroError("environment_not_found", `no environment named "${name}"; known: ${known.join(", ")}`, {
    hint: suggest(name, known),
    details: { environment: name, known },
  });
}

function suggest(name: string, known: readonly string[]): string {
  if (/^[./]/.test(name)) return `An image in a directory is named oci:${name}. See \`pyro env list\`.`;
  const similar = suggestName(name, known);
  if (similar) return `Did you mean ${similar}? See \`pyro env list\`.`;
  const lowerCase = parseImageReference(name.toLowerCase());
  if (lowerCase) return `Names of images are in lower case: ${formatImageReference(lowerCase)}.`;
  const image = suggestImageReference(name);
  if (image) return `An image is named with its registry: ${image}. See \`pyro env list\`.`;
  return "See `pyro env list`. An image is named with its registry, such as docker.io/library/python:3.12.";
}

function describeImage(reference: string, tag: string): CatalogueEntry {
  return {
    name: reference,
    version: tag,
    description: `Image ${reference}`,
    defaultPackages: [],
    distribution: "",
    distributionVersion: "",
    release: "",
    platform: "linux/amd64",
    compatibility: "gvisor",
    sources: ["oci"],
    image: reference,
  };
}
