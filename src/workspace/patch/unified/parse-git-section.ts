// What `diff --git` begins: names, modes, renames, and then hunks, binary content or nothing.

import { parseBinary } from "../binary/parse-binary.js";
import type { Edit, FilePatch, PathPair } from "../file-patch.js";
import { GIT_EXECUTABLE, GIT_FILE, GIT_SYMLINK, type GitMode } from "../git-mode.js";
import type { LineReader } from "../line-reader.js";
import { malformedPatch } from "../patch-errors.js";
import { resolvePatchPath } from "../patch-path.js";
import { candidatePaths, haveEqualRests, type HeaderNames } from "./candidate-paths.js";
import { parseGitNames, parseHeaderName, parsePlainName } from "./header-name.js";
import { parseHunks } from "./parse-hunks.js";

interface Header {
  /** From `diff --git`. */
  gitNames: { readonly old: string; readonly now: string } | undefined;
  /** From `---` and `+++`. */
  names: HeaderNames | undefined;
  move: { readonly kind: "rename" | "copy"; from?: string; to?: string } | undefined;
  isNew: boolean;
  isDeleted: boolean;
  oldMode: GitMode | undefined;
  newMode: GitMode | undefined;
  oldId: string | undefined;
  newId: string | undefined;
}

const EXTENDED =
  /^(old mode|new mode|new file mode|deleted file mode|rename from|rename to|copy from|copy to) (.*)$/;
const INDEX = /^index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?$/;
const OTHER = /^(?:similarity index|dissimilarity index|index) /;
const SUBMODULE = "160000";

/** The reader stands at `diff --git`. */
export function parseGitSection(reader: LineReader): FilePatch {
  const patchLine = reader.lineNumber;
  const header = readHeader(reader);
  const edit = readEdit(reader, header);
  const { isNew, isDeleted, move, names, oldMode, newMode } = header;
  const base = { oldMode, newMode, edit, patchLine };
  if (move) return { ...base, kind: move.kind, paths: movePaths(move, patchLine) };
  const isAdded = isNew || (names && names.old === undefined);
  const isRemoved = isDeleted || (names && names.now === undefined);
  if (isAdded && isRemoved) throw malformedPatch(patchLine, "a file is both new and deleted");
  const kind = isAdded ? "add" : isRemoved ? "delete" : "modify";
  return { ...base, kind, paths: candidatePaths(sectionNames(header, patchLine)) };
}

function readHeader(reader: LineReader): Header {
  const header: Header = {
    gitNames: parseGitNames((reader.peek() ?? "").slice("diff --git ".length)),
    names: undefined,
    move: undefined,
    isNew: false,
    isDeleted: false,
    oldMode: undefined,
    newMode: undefined,
    oldId: undefined,
    newId: undefined,
  };
  reader.skip();
  for (let line = reader.peek(); line !== undefined; line = reader.peek()) {
    const next = reader.peek(1);
    if (line.startsWith("--- ") && next?.startsWith("+++ ") === true) {
      header.names = { old: parseHeaderName(line.slice(4)), now: parseHeaderName(next.slice(4)) };
      reader.skip();
    } else if (!readExtended(header, line, reader.lineNumber)) break;
    reader.skip();
  }
  return header;
}

/** False: the line is no part of a header. */
function readExtended(header: Header, line: string, patchLine: number): boolean {
  const [, key = "", value = ""] = EXTENDED.exec(line) ?? [];
  const [, oldId, newId, mode] = INDEX.exec(line) ?? [];
  // Not the new mode: what somebody has made executable meanwhile stays so.
  if (mode !== undefined) header.oldMode = parseMode(mode, patchLine);
  header.oldId = oldId ?? header.oldId;
  header.newId = newId ?? header.newId;
  switch (key) {
    case "":
      return OTHER.test(line);
    case "deleted file mode":
      header.isDeleted = true;
      header.oldMode = parseMode(value, patchLine);
      return true;
    case "new file mode":
      header.isNew = true;
      header.newMode = parseMode(value, patchLine);
      return true;
    case "old mode":
      header.oldMode = parseMode(value, patchLine);
      return true;
    case "new mode":
      header.newMode = parseMode(value, patchLine);
      return true;
    default: {
      header.move ??= { kind: key.startsWith("copy") ? "copy" : "rename" };
      header.move[key.endsWith("from") ? "from" : "to"] = parsePlainName(value);
      return true;
    }
  }
}

function readEdit(reader: LineReader, { oldId, newId }: Header): Edit {
  const line = reader.peek();
  if (line === "GIT binary patch" || line?.startsWith("Binary files ") === true) {
    return parseBinary(reader, { oldId, newId });
  }
  const hunks = parseHunks(reader);
  return hunks.length === 0 ? { kind: "none" } : { kind: "hunks", hunks };
}

function movePaths({ from, to }: NonNullable<Header["move"]>, patchLine: number): readonly [PathPair] {
  if (from === undefined || to === undefined)
    throw malformedPatch(patchLine, "one name of a rename or copy is missing");
  return [{ from: resolvePatchPath(from), to: resolvePatchPath(to) }];
}

function sectionNames({ names, gitNames }: Header, patchLine: number): HeaderNames {
  // Of a new or deleted file only `diff --git` has both names, which show what their prefixes are.
  const isInBoth = names && gitNames && (names.old === gitNames.old || names.now === gitNames.now);
  const { old, now } = (isInBoth ? gitNames : names) ?? gitNames ?? {};
  if (!names && !gitNames) throw malformedPatch(patchLine, "the names in `diff --git` cannot be told apart");
  if (old !== undefined && now !== undefined && old !== now && !haveEqualRests(old, now)) {
    throw malformedPatch(patchLine, "two names, but no lines `rename from` and `rename to`");
  }
  return { old, now };
}

/** As old versions of git wrote them too: 100664. */
function parseMode(text: string, patchLine: number): GitMode {
  if (text === SUBMODULE) throw malformedPatch(patchLine, "submodules cannot be patched");
  if (text === GIT_SYMLINK) return GIT_SYMLINK;
  if (!/^100[0-7]{3}$/.test(text))
    throw malformedPatch(patchLine, `${JSON.stringify(text.slice(0, 20))} is no mode of a file`);
  return (parseInt(text, 8) & 0o100) === 0 ? GIT_FILE : GIT_EXECUTABLE;
}
