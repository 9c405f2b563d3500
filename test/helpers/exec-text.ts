// The output of one command in a guest.

import type { GuestAgent } from "../../src/guest/agent.js";

export async function execText(agent: GuestAgent, script: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  const request = { argv: ["sh", "-c", script], timeoutMs: 60_000 };
  const { exitCode } = await agent.exec(request, (_stream, chunk) => void chunks.push(chunk));
  const text = Buffer.concat(chunks).toString("utf8").trim();
  if (exitCode !== 0) throw new Error(`${script} ended with ${exitCode}: ${text}`);
  return text;
}
