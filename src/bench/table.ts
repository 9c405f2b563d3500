// Plain text tables.

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

/** One line for the titles and one for each row; two spaces between columns. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => cells[index]?.length ?? 0)));
  const format = (cells: readonly string[]) =>
    columns.map(({ align }, index) => pad(cells[index] ?? "", widths[index] ?? 0, align)).join("  ");
  return lines.map((cells) => `${format(cells).trimEnd()}\n`).join("");
}

/** `text` with spaces up to `width` characters. */
export function pad(text: string, width: number, align: Column["align"]): string {
  return align === "left" ? text.padEnd(width) : text.padStart(width);
}

/** A figure with about three digits that count. */
export function formatFigure(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
}
