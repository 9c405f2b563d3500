// Binary content in a patch: the new content itself, or what makes it out of the old one.

export interface BinaryEdit {
  readonly kind: "binary";
  /** Object ids of the contents, or beginnings of them; undefined when the patch has none. */
  readonly oldId: string | undefined;
  readonly newId: string | undefined;
  /** Undefined: the patch only says that they differ. */
  readonly forward: BinaryData | undefined;
  readonly backward: BinaryData | undefined;
}

export interface BinaryData {
  readonly kind: "literal" | "delta";
  /** Bytes of the content, or of the delta. */
  readonly sizeBytes: number;
  /** zlib. */
  readonly compressed: Buffer;
  /** In the patch. */
  readonly patchLine: number;
}
