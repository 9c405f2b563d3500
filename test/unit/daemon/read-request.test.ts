import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { readRequest, type CallRequest } from "../../../src/daemon/read-request.js";
import { waitForDrain } from "../../../src/platform/drain.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

/** Sends a body in these pieces to a real server and reads it there. */
async function exchange<T>(
  pieces: readonly (string | Buffer)[],
  takesStdin: boolean,
  look: (request: CallRequest) => T | Promise<T>,
  headers: Readonly<Record<string, number>> = {},
): Promise<T> {
  const socketPath = path.join(await makeTempDirectory(), "s");
  const server = createServer().listen(socketPath);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const outcome = new Promise<T>((resolve, reject) => {
    server.once("request", (request, response) => {
      const read = async () => look(await readRequest(request, takesStdin));
      read()
        .finally(() => response.end())
        .then(resolve, reject);
    });
  });
  const client = httpRequest({ socketPath, method: "POST", headers });
  client.on("error", () => undefined);
  client.on("response", (response) => response.resume());
  const send = async () => {
    for (const piece of pieces) {
      if (client.destroyed) return;
      if (!client.write(piece)) await waitForDrain(client);
    }
    client.end();
  };
  void send();
  return outcome;
}

async function readAll(stdin: AsyncIterable<Uint8Array> | undefined): Promise<string | undefined> {
  if (!stdin) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString("latin1");
}

describe("the input", () => {
  test.each([
    ["in one piece", ['{"a":"é\\n"}\n']],
    [
      "in many pieces, cut inside a character",
      Array.from(Buffer.from('{"a":"é\\n"}\n'), (byte) => Buffer.of(byte)),
    ],
    ["without its newline", ['{"a":"é\\n"}']],
  ])("is one line of JSON, %s", async (_, pieces) => {
    expect(await exchange(pieces, false, ({ input }) => input)).toEqual({ a: "é\n" });
  });

  test.each(["", "\n", "{", "{}x\n", "\u0000\n"])("that is no JSON is refused: %j", async (body) => {
    await expect(exchange([body], true, () => undefined)).rejects.toMatchObject({
      code: "invalid_input",
      message: "the input is not JSON",
    });
  });

  test("of 15 MB is taken", async () => {
    const text = "x".repeat(15_000_000);
    expect(await exchange([JSON.stringify(text), "\n"], false, ({ input }) => input === text)).toBe(true);
  });

  test("without end is refused before it fills the memory", async () => {
    const pieces = Array.from({ length: 160 }, () => Buffer.alloc(1024 * 1024, "x"));
    await expect(exchange(pieces, true, () => undefined)).rejects.toMatchObject({
      code: "invalid_input",
      message: `the input is larger than ${144 * 1024 * 1024} bytes`,
    });
  });
});

describe("stdin", () => {
  test("is every byte after the input's line, newlines too", async () => {
    const read = ({ stdin }: CallRequest) => readAll(stdin);
    expect(await exchange(["{}\nfirst\n", "second\n", Buffer.of(0, 255)], true, read)).toBe(
      "first\nsecond\n\0\xff",
    );
    expect(await exchange(["{}\n"], true, read)).toBe("");
  });

  test("can be larger than any input", async () => {
    const pieces = Array.from({ length: 30 }, () => Buffer.alloc(1024 * 1024));
    const length = await exchange(
      ["{}\n", ...pieces],
      true,
      async ({ stdin }) => (await readAll(stdin))?.length,
    );
    expect(length).toBe(30 * 1024 * 1024);
  });

  test("is absent when the body's length is told and is the line's, and is the rest when it is longer", async () => {
    const read = ({ stdin }: CallRequest) => readAll(stdin);
    const line = '{"a":"é"}\n';
    const length = Buffer.byteLength(line);
    expect(await exchange([line], true, read, { "content-length": length })).toBeUndefined();
    const cut = [line.slice(0, 3), line.slice(3)];
    expect(await exchange(cut, true, read, { "content-length": length })).toBeUndefined();
    expect(await exchange([line, "rest"], true, read, { "content-length": length + 4 })).toBe("rest");
  });

  test("is absent for an operation that takes none", async () => {
    expect(await exchange(["{}\nbytes"], false, ({ stdin }) => stdin)).toBeUndefined();
  });
});
