// What an archive says of one entry, with all names as bytes.

/** What the library makes of a header. */
export interface RawHeader {
  readonly name: string;
  readonly linkname: string | null;
  readonly type: string | null;
  readonly mode: number;
  readonly mtime: Date;
  readonly size: number;
  /** The records of the extended header. */
  readonly pax?: unknown;
}

export interface ArchiveHeader {
  readonly kind: "file" | "directory" | "symlink" | "hard_link" | "unsupported";
  /** As it is written in the archive. */
  readonly name: string;
  /** Of links. */
  readonly linkName: string;
  /** Permissions: 0777. */
  readonly mode: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  readonly sizeBytes: number;
  /** Why it cannot be had, in words. */
  readonly problem: string | undefined;
}

const KINDS: Partial<Record<string, ArchiveHeader["kind"]>> = {
  file: "file",
  "contiguous-file": "file",
  directory: "directory",
  symlink: "symlink",
  link: "hard_link",
};
const REPLACEMENT_CHARACTER = "\ufffd";

export function readArchiveHeader(header: RawHeader): ArchiveHeader {
  const pax = readPax(header);
  const name = toBytes(header.name, pax.has("path"));
  const linkName = toBytes(header.linkname ?? "", pax.has("linkpath"));
  const kind = KINDS[header.type ?? ""] ?? "unsupported";
  const mtimeMs = header.mtime.getTime();
  return {
    // Archives older than the type for directories have a slash instead.
    kind: kind === "file" && header.name.endsWith("/") ? "directory" : kind,
    name: name ?? header.name,
    linkName: linkName ?? "",
    mode: header.mode & 0o777,
    mtimeMs: Number.isFinite(mtimeMs) ? mtimeMs : 0,
    sizeBytes: header.size,
    problem: findProblem(header, pax, name === undefined || linkName === undefined),
  };
}

function findProblem(
  header: RawHeader,
  pax: ReadonlyMap<string, unknown>,
  isIllegible: boolean,
): string | undefined {
  switch (header.type) {
    case "character-device":
    case "block-device":
    case "fifo":
      return "a FIFO or device";
    case null:
      return "an entry of an unknown kind";
    default:
      if ([...pax.keys()].some((key) => key.startsWith("GNU.sparse.")))
        return "a sparse file in GNU's own form";
      return isIllegible ? "its name is not UTF-8, in a header that must be" : undefined;
  }
}

/** The reader gives plain fields as bytes, but the records of extended headers as text. Undefined: it lost some. */
function toBytes(name: string, isText: boolean): string | undefined {
  if (!isText) return name;
  return name.includes(REPLACEMENT_CHARACTER) ? undefined : Buffer.from(name).toString("latin1");
}

function readPax({ pax }: RawHeader): ReadonlyMap<string, unknown> {
  return new Map(typeof pax === "object" && pax ? Object.entries(pax) : []);
}
