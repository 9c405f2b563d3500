import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { formerRecordFile, readConnections } from "../../../src/network/connection-record.js";
import { sumConnections } from "../../../src/network/sum-connections.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

const LINE = {
  at: "1970-01-01T00:00:01.000Z",
  protocol: "tcp",
  name: "example.com",
  address: "203.0.113.2",
  port: 443,
  bytes_sent: 10,
  bytes_received: 200,
  verdict: "allowed",
  reason: "",
  duration_ms: 5,
};

const line = (own: object = {}) => `${JSON.stringify({ ...LINE, ...own })}\n`;
const at = (seconds: number) => ({ at: new Date(seconds * 1000).toISOString() });

async function makeRecord(text: string, former = ""): Promise<string> {
  const file = path.join(await makeTempDirectory(), "network.jsonl");
  await writeFile(file, text);
  if (former !== "") await writeFile(formerRecordFile(file), former);
  return file;
}

test("the part that was turned over comes first", async () => {
  const file = await makeRecord(line(at(2)) + line(at(3)), line(at(1)));
  const times = [];
  for await (const { at } of readConnections(file)) times.push(at);
  expect(times).toEqual([1, 2, 3]);
});

test("without a record there are no connections", async () => {
  const file = path.join(await makeTempDirectory(), "network.jsonl");
  expect((await sumConnections(readConnections(file))).counts).toEqual({ allowed: 0, refused: 0, failed: 0 });
});

test("a line that was torn, or is none of ours, is left out; the rest is read", async () => {
  const file = await makeRecord(`${line().slice(0, 40)}\n[]\n{"at":"x"}\n${line(at(9))}`);
  const read = [];
  for await (const { at } of readConnections(file)) read.push(at);
  expect(read).toEqual([9]);
});

test("names that a guest has asked for are made harmless where they come in", async () => {
  const file = await makeRecord(line({ name: "a\u001b[2J\nb\u202ec", reason: "x\ty" }));
  const read = [];
  for await (const { name, reason } of readConnections(file)) read.push([name, reason]);
  expect(read).toEqual([["a\\x1b[2J b\\u{202e}c", "x y"]]);
});

test("the two lines of a connection are one, that began with the first; one without an end is open", async () => {
  const text =
    line({ ...at(1), id: "a", open: true, bytes_sent: 0 }) +
    line({ ...at(2), id: "b", open: true, bytes_sent: 0 }) +
    line({ ...at(9), id: "a", bytes_sent: 77 });
  const read = [];
  for await (const each of readConnections(await makeRecord(text))) read.push(each);
  expect(read).toMatchObject([
    { at: 1, open: false, bytes_sent: 77 },
    { at: 2, open: true },
  ]);
});

test("a line that stands for many counts as many", async () => {
  const flood = line({ verdict: "refused", name: "", address: "", port: 0, reason: "too many", count: 5000 });
  expect((await sumConnections(readConnections(await makeRecord(flood)))).counts.refused).toBe(5000);
});

test("questions to the name server are no connections, but one that was refused is told", async () => {
  const text =
    line({ protocol: "dns", port: 0 }) +
    line({ protocol: "dns", port: 0, verdict: "refused", name: "inside.test", reason: "private range" });
  expect(await sumConnections(readConnections(await makeRecord(text)))).toMatchObject({
    counts: { allowed: 0, refused: 0, failed: 0 },
    lookupCount: 2,
    names: [],
    refused: [{ name: "inside.test", reason: "private range" }],
  });
});

test("sums: counts and bytes of all, names and refusals with how often", async () => {
  const refused = {
    verdict: "refused",
    name: "",
    address: "10.0.0.1",
    port: 22,
    reason: "private",
    bytes_sent: 0,
  };
  const text =
    line() +
    line() +
    line({ name: "", address: "203.0.113.9" }) +
    line(refused) +
    line(refused) +
    line({ verdict: "failed" });
  expect(await sumConnections(readConnections(await makeRecord(text)))).toMatchObject({
    counts: { allowed: 3, refused: 2, failed: 1 },
    bytesSent: 40,
    bytesReceived: 1200,
    names: [
      { name: "example.com", connectionCount: 2, bytesSent: 20, bytesReceived: 400 },
      { name: "203.0.113.9", connectionCount: 1 },
    ],
    nameCount: 2,
    refused: [{ address: "10.0.0.1", port: 22, reason: "private", connectionCount: 2 }],
  });
});

test("a guest that reaches out to very many names leaves a bounded sum", async () => {
  const text = Array.from({ length: 12_000 }, (_, index) => line({ name: `n${index}.example` })).join("");
  const sums = await sumConnections(readConnections(await makeRecord(text)));
  expect(sums.counts.allowed).toBe(12_000);
  expect(sums.names).toHaveLength(20);
  expect(sums.nameCount).toBe(10_000);
});
