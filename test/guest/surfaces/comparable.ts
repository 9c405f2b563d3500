// A result without what differs between two lives of one workspace: ids, times, sizes on the host's disk.

const TIME = /^(created|last_activity|expires|last_reset|recorded|exported|recovered|restored)_at$|^since$/;
const MEASURE = /^(disk_bytes|memory_bytes|duration_ms)$/;
const SNAPSHOT_SIZE = /^(size_bytes|bytes_written)$/;

export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === "string") return withoutMarks(value);
  if (typeof value !== "object" || value === null) return value;
  // What a snapshot has on the host's disk; the sizes of files stay.
  const isSnapshot = "snapshot_name" in value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const differs = TIME.test(name) || MEASURE.test(name) || (isSnapshot && SNAPSHOT_SIZE.test(name));
      return [name, differs && typeof item === "number" ? "a number" : comparable(item)];
    }),
  );
}

function withoutMarks(text: string): string {
  return text
    .replaceAll(/ws_[a-z2-7]{12}/g, "an id")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "a time")
    .replaceAll(/\/out-\w+/g, "/out");
}
