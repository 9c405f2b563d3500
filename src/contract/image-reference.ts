// References to images, `HOST[:PORT]/NAME[:TAG][@DIGEST]`, in their one full spelling. The grammar is that of
// github.com/distribution/reference; here the host is never left out, so that no catalogue name can be meant. An image
// in a directory in OCI layout is `oci:DIRECTORY[:TAG]`, as skopeo and others write it.

export interface ImageReference {
  /** The registry with its port; the part of the reference that names whom credentials go to. */
  readonly registry: string;
  /** Without the registry. */
  readonly repository: string;
  /** Absent when a digest says exactly which image is meant. */
  readonly tag: string | undefined;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string | undefined;
}

const DOCKER_HUB = "docker.io";
const HOST = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MAX_REPOSITORY_LENGTH = 255;

/** Undefined for what is no reference, or does not name its registry. */
export function parseImageReference(text: string): ImageReference | undefined {
  const [named = "", digest, ...more] = text.split("@");
  const slash = named.indexOf("/");
  if (slash < 0 || more.length > 0) return undefined;
  const registry = named.slice(0, slash);
  if (!HOST.test(registry) || !isRegistry(registry)) return undefined;
  const [path = "", tag, ...rest] = named.slice(slash + 1).split(":");
  if (rest.length > 0 || !REPOSITORY.test(path) || path.length > MAX_REPOSITORY_LENGTH) return undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  const host = registry.toLowerCase();
  return {
    registry: host,
    repository: host === DOCKER_HUB && !path.includes("/") ? `library/${path}` : path,
    tag: digest === undefined ? (tag ?? "latest") : undefined,
    digest,
  };
}

/** One spelling for one image. */
export function formatImageReference({ registry, repository, tag, digest }: ImageReference): string {
  return digest === undefined
    ? `${registry}/${repository}:${tag ?? "latest"}`
    : `${registry}/${repository}@${digest}`;
}

/** How a name without a registry is written as an image of Docker Hub; undefined when it cannot be one. */
export function suggestImageReference(name: string): string | undefined {
  const reference = parseImageReference(`${DOCKER_HUB}/${name}`);
  return reference && formatImageReference(reference);
}

// Docker's rule: `library/python` names no host, `localhost/python` and `host:5000/python` do.
function isRegistry(part: string): boolean {
  return part === "localhost" || part.includes(".") || part.includes(":");
}

const LAYOUT = "oci:";

export function isLayoutReference(name: string): boolean {
  return name.startsWith(LAYOUT);
}

/** The same image with its directory, and its tag, as `resolvePath` returns them. */
export function resolveLayoutReference(reference: string, resolvePath: (place: string) => string): string {
  return LAYOUT + resolvePath(reference.slice(LAYOUT.length));
}

/** The image that `output` names rather than a directory: what begins with `/` or `.` is always a directory. */
export function parseImageOutput(output: string): ImageReference | undefined {
  return /^[/.]/.test(output) ? undefined : parseImageReference(output);
}

/** Whether `output` begins as an image does, with a registry, and is none: most likely a slip in its name. */
export function isMistakenImageOutput(output: string): boolean {
  const [host = "", ...rest] = output.split("/");
  return !/^[/.]/.test(output) && rest.length > 0 && isRegistry(host) && !parseImageReference(output);
}
