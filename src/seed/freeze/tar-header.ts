// Headers of the layer's tar: ustar(5), and a PAX record where a name is too long for it. Nothing else, because
// gVisor's reader of layers refuses global headers and sparse files.

export const TAR_BLOCK_BYTES = 512;

const NAME_BYTES = 100;
const TYPE_FLAGS = { file: "0", hard_link: "1", symlink: "2", directory: "5" } as const;

export interface TarHeader {
  readonly type: keyof typeof TYPE_FLAGS;
  /** One character per byte, as in all of this room; a directory's ends with "/". */
  readonly name: string;
  readonly mode: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  readonly sizeBytes?: number;
  /** Of a link. */
  readonly linkName?: string;
}

/** The blocks that announce one entry. */
export function encodeTarHeader(header: TarHeader): Buffer {
  const { name, linkName = "" } = header;
  let records = "";
  if (name.length > NAME_BYTES) records += paxRecord("path", name);
  if (linkName.length > NAME_BYTES) records += paxRecord("linkpath", linkName);
  const block = encodeBlock(header, TYPE_FLAGS[header.type]);
  if (records === "") return block;
  const extended = { ...header, name: "./.pax", linkName: "", mode: 0o644, sizeBytes: records.length };
  const padded = Buffer.alloc(roundUpToBlock(records.length));
  padded.write(records, "latin1");
  return Buffer.concat([encodeBlock(extended, "x"), padded, block]);
}

export function roundUpToBlock(sizeBytes: number): number {
  return Math.ceil(sizeBytes / TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES;
}

/** Fields by offset: name 0, mode 100, uid 108, gid 116, size 124, mtime 136, sum 148, type 156, link 157, magic 257. */
function encodeBlock(header: TarHeader, typeFlag: string): Buffer {
  const block = Buffer.alloc(TAR_BLOCK_BYTES);
  block.write(header.name, 0, NAME_BYTES, "latin1");
  block.write(`${octal(header.mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, "latin1");
  block.write(`${octal(header.sizeBytes ?? 0, 11)}\0${octal(header.mtime, 11)}\0`, 124, "latin1");
  // The sum counts its own field as spaces.
  block.write("        ", 148, "latin1");
  block.write(typeFlag, 156, "latin1");
  block.write(header.linkName ?? "", 157, NAME_BYTES, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  let sum = 0;
  // By index: an iterator over the bytes takes ten times as long.
  for (let index = 0; index < TAR_BLOCK_BYTES; index++) sum += block[index] ?? 0;
  block.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}

/** `LENGTH key=value\n`, where LENGTH counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (`${length}`.length + rest.length > length) length = `${length}`.length + rest.length;
  return `${length}${rest}`;
}
