// The client's roots: what it says it works on. The two generations of the protocol ask for them in different ways.

import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { PyroError } from "../contract/errors.js";

const ROOTS_KEY = "roots";
/** A client that can name its roots has them at hand. */
const TIMEOUT_MS = 10_000;
const Roots = z.object({ roots: z.array(z.object({ uri: z.string() })) });
/** What every request of revision 2026-07-28 says of its client. */
const NamesRoots = z.looseObject({ [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({ roots: z.object() }) });

/** What to answer a client of revision 2026-07-28, so that it calls again and brings its roots. */
export function askToBringRoots({ mcpReq }: ServerContext): InputRequiredResult | undefined {
  const { envelope, inputResponses } = mcpReq;
  const isNeeded = NamesRoots.safeParse(envelope).success && !inputResponses?.[ROOTS_KEY];
  return isNeeded ? inputRequired({ inputRequests: { [ROOTS_KEY]: inputRequired.listRoots() } }) : undefined;
}

/** The URIs; undefined for a client that names none. */
export async function readClientRoots(
  { server }: McpServer,
  { mcpReq }: ServerContext,
): Promise<readonly string[] | undefined> {
  const { envelope, inputResponses, signal } = mcpReq;
  if (envelope) return inputResponses && parseRoots(inputResponses[ROOTS_KEY]);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the older protocol says it in `initialize` only
  if (!server.getClientCapabilities()?.roots) return undefined;
  try {
    return parseRoots(await mcpReq.send({ method: "roots/list" }, { timeout: TIMEOUT_MS, signal }));
  } catch (error) {
    throw unreadable(error);
  }
}

function parseRoots(answer: unknown): string[] {
  const parsed = Roots.safeParse(answer);
  if (!parsed.success) throw unreadable(parsed.error);
  return parsed.data.roots.map(({ uri }) => uri);
}

function unreadable(cause: unknown): PyroError {
  if (cause instanceof PyroError) return cause;
  const why = cause instanceof z.ZodError ? "its answer is not of the protocol" : String(cause);
  return new PyroError("seed_unusable", `the client does not say which project it works on: ${why}`, {
    hint: "Give `seed_path`; or tell the user to start the server with --project-path and the project's directory.",
    cause,
  });
}
