// What a guest reaches, as a program in it finds out.

import { expect } from "vitest";
import { z } from "zod";
import type { Client } from "../../src/client/client.js";

/** `tcp 203.0.113.2 7`, `udp …`, `name example.test`. */
export type Target = string;

/** Tries each of its arguments but the first, its patience, at the same time; prints what came of them, as one JSON object. */
const PROBE = `
import concurrent.futures, errno, json, socket, sys
def attempt(target):
    kind, address, *rest = target.split()
    try:
        if kind == "name":
            return socket.getaddrinfo(address, 80, socket.AF_INET, socket.SOCK_STREAM)[0][4][0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as s:
            s.settimeout(float(sys.argv[1]))
            s.connect((address, int(rest[0])))
            s.sendall(b"ping")
            return "reached" if s.recv(4) == b"ping" else "closed"
    except socket.gaierror:
        return "no such name"
    except TimeoutError:
        return "silence"
    except OSError as e:
        return errno.errorcode.get(e.errno, str(e))
with concurrent.futures.ThreadPoolExecutor(64) as pool:
    print(json.dumps(dict(zip(sys.argv[2:], pool.map(attempt, sys.argv[2:])))))
`;

/** What came of each within `patienceSeconds`: `reached`, `silence`, an errno such as `ECONNREFUSED`; of a name its address. */
export async function probe(
  client: Client,
  workspaceId: string,
  targets: readonly Target[],
  patienceSeconds = 10,
): Promise<Readonly<Record<Target, string>>> {
  const result = await client.invoke("workspace_exec", {
    workspace_id: workspaceId,
    command: ["python3", "-c", PROBE, String(patienceSeconds), ...targets],
  });
  expect(result, result.stderr).toMatchObject({ exit_code: 0 });
  return z.record(z.string(), z.string()).parse(JSON.parse(result.stdout));
}
