import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MessageLines, type Refusal } from "../../../src/mcp/message-lines.js";

async function read(chunks: readonly (string | Buffer)[], maxBytes = 100) {
  const refusals: Refusal[] = [];
  const lines = new MessageLines((refusal) => refusals.push(refusal), maxBytes);
  for (const chunk of chunks) lines.write(chunk);
  lines.end();
  const out: unknown[] = await lines.toArray();
  return { lines: out.map(String), refusals };
}

test("lines come out whole, however they went in", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 20 })),
      fc.integer({ min: 1, max: 9 }),
      async (texts, size) => {
        const wanted = texts.map((text) => `${text.replaceAll(/[\n[]/g, "")}\n`);
        const bytes = Buffer.from(wanted.join(""));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect((await read(chunks)).lines.join("")).toBe(wanted.join(""));
      },
    ),
  );
});

test("the end of a line that never ended is dropped", async () => {
  expect((await read(['{"id":1}\n{"id"'])).lines).toEqual(['{"id":1}\n']);
});

describe("a line that is too long", () => {
  const long = "x".repeat(5000);

  test.each([
    ["at its beginning", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"a":"${long}"}}`, 7],
    ["first of all", `{ "id": "a-1", "params": {"a":"${long}"} }`, "a-1"],
    ["at its end", `{"method":"tools/call","params":{"a":"${long}"},"jsonrpc":"2.0","id":8}`, 8],
    ["before its last word", `{"method":"tools/call","params":{"a":"${long}"},"id":9,"jsonrpc":"2.0"}`, 9],
    ["nowhere at its ends", `{"method":"a","id":5,"params":{"a":"${long}"}}`, null],
    ["only among its arguments", `{"method":"a","params":{"a":"${long}","id":5}}`, null],
  ])("is refused with the id that it has %s", async (_, line, id) => {
    const { lines, refusals } = await read([...(line.match(/.{1,700}/g) ?? []), "\n", '{"next":1}\n']);
    expect(refusals).toEqual([{ id, message: "a message has at most 100 bytes" }]);
    expect(lines).toEqual(['{"next":1}\n']);
  });

  test("leaves room for the next one", async () => {
    const { refusals } = await read([`${long}\n${long}\n`]);
    expect(refusals).toHaveLength(2);
  });
});

test("a batch is refused", async () => {
  const { lines, refusals } = await read(['  [{"id":1}]\n{"id":2}\n']);
  expect(refusals).toEqual([{ id: null, message: "no batches: one message a line" }]);
  expect(lines).toEqual(['{"id":2}\n']);
});
