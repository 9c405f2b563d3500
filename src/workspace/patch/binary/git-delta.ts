// Git's deltas: a content made of pieces of another one and of new bytes (gitformat-pack(5), "Deltified representation").

/** Undefined: the delta is damaged, or not for this content, or makes more than `maxBytes`. */
export function applyGitDelta(old: Uint8Array, delta: Uint8Array, maxBytes: number): Buffer | undefined {
  const reader = new DeltaReader(delta);
  if (reader.readSize() !== old.length) return undefined;
  const sizeBytes = reader.readSize();
  if (sizeBytes === undefined || sizeBytes > maxBytes) return undefined;
  const made = Buffer.alloc(sizeBytes);
  let at = 0;
  for (let command = reader.readByte(); command !== undefined; command = reader.readByte()) {
    const piece = (command & 0x80) === 0 ? reader.readBytes(command) : readCopy(reader, command, old);
    if (!piece || piece.length === 0 || at + piece.length > sizeBytes) return undefined;
    made.set(piece, at);
    at += piece.length;
  }
  return at === sizeBytes ? made : undefined;
}

const COPY_DEFAULT_BYTES = 0x10000;

/** The command's lower bits say which bytes of the offset (four) and of the size (three) follow. */
function readCopy(reader: DeltaReader, command: number, old: Uint8Array): Uint8Array | undefined {
  const numbers = [0, 0];
  for (let bit = 0; bit < 7; bit++) {
    if ((command & (1 << bit)) === 0) continue;
    const byte = reader.readByte();
    if (byte === undefined) return undefined;
    const which = bit < 4 ? 0 : 1;
    numbers[which] = (numbers[which] ?? 0) + byte * 2 ** (8 * (bit - 4 * which));
  }
  const [offset = 0, size = 0] = numbers;
  const end = offset + (size === 0 ? COPY_DEFAULT_BYTES : size);
  return end <= old.length ? old.subarray(offset, end) : undefined;
}

class DeltaReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  readByte(): number | undefined {
    return this.#bytes[this.#at++];
  }

  readBytes(count: number): Uint8Array | undefined {
    const bytes = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes.length === count ? bytes : undefined;
  }

  /** Seven bits a byte, the lowest first. */
  readSize(): number | undefined {
    let size = 0;
    for (let factor = 1; factor < 2 ** 49; factor *= 128) {
      const byte = this.readByte();
      if (byte === undefined) return undefined;
      size += (byte & 0x7f) * factor;
      if ((byte & 0x80) === 0) return size;
    }
    return undefined;
  }
}
