// What a program file is: ELF-64, little-endian; elf(5).

import { readFile } from "node:fs/promises";

const SECTION_TABLE_OFFSET = 0x28;
const SECTION_ENTRY_SIZE = 0x3a;
const SECTION_COUNT = 0x3c;
const SHT_SYMTAB = 2;

/** Whether the program has been stripped of its symbol table. */
export async function isStripped(file: string): Promise<boolean> {
  const content = await readFile(file);
  const table = Number(content.readBigUInt64LE(SECTION_TABLE_OFFSET));
  const entrySize = content.readUInt16LE(SECTION_ENTRY_SIZE);
  const count = content.readUInt16LE(SECTION_COUNT);
  const types = Array.from({ length: count }, (_, index) =>
    content.readUInt32LE(table + index * entrySize + 4),
  );
  return !types.includes(SHT_SYMTAB);
}
