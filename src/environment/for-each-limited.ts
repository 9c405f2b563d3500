// Work on many things with bounded parallelism.

/** Calls `act` for each item, at most `limit` at a time. The first failure ends it; calls under way run to their end. */
export async function forEachLimited<Item>(
  items: readonly Item[],
  limit: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  // One iterator for all workers: each takes the next item.
  const remaining = items.values();
  const work = async () => {
    for (const item of remaining) await act(item);
  };
  await Promise.all(Array.from({ length: limit }, work));
}
