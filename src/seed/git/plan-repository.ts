// The `.git` of a seed: a repository that stands by itself, without remotes, hooks or anything of the user's settings.

import type { PlannedEntry, PlannedFile } from "../freeze/plan.js";
import { PACK_NAME } from "../seed-names.js";
import type { PackedRepository, RepositoryPack } from "./pack-repository.js";
import type { RepositoryView } from "./repository-view.js";

export interface RepositoryContent {
  readonly view: RepositoryView;
  readonly packed: PackedRepository;
  /** The index for the guest. */
  readonly index: Buffer;
  /** The newest file's, whole seconds since 1970. */
  readonly newestMtime: number;
}

const DIRECTORIES = [
  "",
  "/info",
  "/objects",
  "/objects/info",
  "/objects/pack",
  "/refs",
  "/refs/heads",
  "/refs/tags",
];
const FALLBACK_REF = "refs/heads/main";

/** In order of the paths' bytes. */
export function planRepository(content: RepositoryContent): PlannedEntry[] {
  const { view, packed, index, newestMtime: mtime } = content;
  const file = (name: string, text: string | Buffer) => planBytes(name, Buffer.from(text), mtime);
  const { ref } = view.checkout.head;
  const entries: PlannedEntry[] = DIRECTORIES.map((name) => ({
    type: "directory",
    path: `.git${name}`,
    mode: 0o755,
    mtime,
  }));
  entries.push(file("HEAD", formatHead(ref, packed.commit)));
  entries.push(file("config", formatConfig(view)));
  entries.push(file("info/exclude", view.ownExcludes ?? ""));
  // Newer than every file: one that is as new as the index is read before Git believes that it has not changed.
  entries.push(planBytes("index", index, mtime + 1));
  if (packed.commit !== undefined && ref !== undefined) {
    entries.push(file("packed-refs", `# pack-refs with: sorted \n${packed.commit} ${ref}\n`));
  }
  if (packed.commit !== undefined && packed.isShallow) entries.push(file("shallow", `${packed.commit}\n`));
  if (packed.pack) entries.push(...planPack(packed.pack, mtime));
  return entries.sort((left, right) => (left.path < right.path ? -1 : 1));
}

function formatHead(ref: string | undefined, commit: string | undefined): string {
  if (ref === undefined && commit !== undefined) return `${commit}\n`;
  return `ref: ${ref ?? FALLBACK_REF}\n`;
}

/** Without checkStat the times of the guest's own files would make Git read all of them once. */
function formatConfig({ config }: RepositoryView): string {
  const lines = [
    "[core]",
    `\trepositoryformatversion = ${config.objectFormat === "sha1" ? 0 : 1}`,
    `\tfilemode = ${config.fileMode}`,
    "\tbare = false",
    "\tlogallrefupdates = true",
    "\tcheckStat = minimal",
    "\ttrustctime = false",
    ...(config.objectFormat === "sha1" ? [] : ["[extensions]", `\tobjectformat = ${config.objectFormat}`]),
    "[user]",
    "\tname = pyro",
    "\temail = pyro@localhost",
  ];
  return `${lines.join("\n")}\n`;
}

function planPack({ name, sizeBytes, index }: RepositoryPack, mtime: number): PlannedFile[] {
  const content = { kind: "stored", fileName: PACK_NAME, offset: 0, contentId: name } as const;
  const pack = `.git/objects/pack/pack-${name}.pack`;
  return [
    { ...planBytes(`objects/pack/pack-${name}.idx`, index, mtime), mode: 0o444 },
    { type: "file", path: pack, mode: 0o444, mtime, sizeBytes, content, linkId: undefined },
  ];
}

function planBytes(name: string, bytes: Buffer, mtime: number): PlannedFile {
  const content = { kind: "bytes", bytes } as const;
  return {
    type: "file",
    path: `.git/${name}`,
    mode: 0o644,
    mtime,
    sizeBytes: bytes.length,
    content,
    linkId: undefined,
  };
}
