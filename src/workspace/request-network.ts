// What a workspace's guest is to get of a network, and where its connections are recorded: with the life that makes them.

import { mkdir } from "node:fs/promises";
import path from "node:path";
import { hasNetwork } from "../contract/network.js";
import type { NetworkRequest } from "../network/guest-networks.js";
import type { WorkspaceRecord } from "./workspace-record.js";
import type { WorkspaceStore } from "./workspace-store.js";

const RECORD_NAME = "network.jsonl";

type Life = Pick<WorkspaceRecord, "id" | "life" | "networkPolicy">;

/** The life's record of connections. */
export function networkRecordFile(store: WorkspaceStore, { id, life }: Omit<Life, "networkPolicy">): string {
  return path.join(store.lifeDirectory(id, life), RECORD_NAME);
}

/** Undefined: no interface but loopback. Makes the directory of the record, which a life has anyway. */
export async function requestNetwork(store: WorkspaceStore, life: Life): Promise<NetworkRequest | undefined> {
  if (!hasNetwork(life.networkPolicy)) return undefined;
  const recordFile = networkRecordFile(store, life);
  await mkdir(path.dirname(recordFile), { recursive: true, mode: 0o700 });
  return { recordFile };
}
