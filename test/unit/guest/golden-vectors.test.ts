// The host reads and writes the bytes of proto/testdata as the agent does; agent/internal/vectors writes them.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { createRegistry, fromBinary, fromJson, toBinary, toJson, type DescMessage } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { file_agent_v1_agent } from "../../../src/guest/gen/agent/v1/agent_pb.js";
import { file_agent_v1_disk } from "../../../src/guest/gen/agent/v1/disk_pb.js";
import { file_agent_v1_network } from "../../../src/guest/gen/agent/v1/network_pb.js";
import { file_agent_v1_ports } from "../../../src/guest/gen/agent/v1/ports_pb.js";
import { file_agent_v1_secrets } from "../../../src/guest/gen/agent/v1/secrets_pb.js";
import { file_agent_v1_services } from "../../../src/guest/gen/agent/v1/services_pb.js";
import { file_agent_v1_shells } from "../../../src/guest/gen/agent/v1/shells_pb.js";
import { PACKAGE_ROOT } from "../../../src/platform/package-files.js";

const FOLDER = path.join(PACKAGE_ROOT, "proto", "testdata");

const Vectors = z.array(
  z.strictObject({
    name: z.string().min(1),
    message: z.string(),
    hex: z.string().regex(/^([0-9a-f]{2})*$/),
    json: z.json(),
  }),
);

const FILES = [
  file_agent_v1_agent,
  file_agent_v1_disk,
  file_agent_v1_network,
  file_agent_v1_ports,
  file_agent_v1_secrets,
  file_agent_v1_services,
  file_agent_v1_shells,
];
const MESSAGES = FILES.flatMap((file) => file.messages).map(({ typeName }) => typeName);
const registry = createRegistry(...FILES);
const vectors = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .flatMap((file) => Vectors.parse(JSON.parse(readFileSync(path.join(FOLDER, file), "utf8"))));

function getSchema(message: string): DescMessage {
  const schema = registry.getMessage(message);
  if (!schema) throw new Error(`the protocol has no message ${message}`);
  return schema;
}

test("every message of the protocol has a vector", () => {
  const covered = new Set(vectors.map((vector) => vector.message));
  expect(MESSAGES.filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(vectors)("$message: $name", ({ message, hex, json }) => {
  const bytes = Buffer.from(hex, "hex");

  test("the bytes say what the JSON says", () => {
    const schema = getSchema(message);
    const decoded = fromBinary(schema, bytes);
    expect(decoded.$unknown ?? []).toEqual([]);
    expect(toJson(schema, decoded, { registry })).toEqual(json);
  });

  // In another order at most: the agent's library writes what is in a oneof last.
  test("what they say is written in as many bytes again, which say the same", () => {
    const schema = getSchema(message);
    for (const read of [fromBinary(schema, bytes), fromJson(schema, json, { registry })]) {
      const written = toBinary(schema, read);
      expect(written.length).toBe(bytes.length);
      expect(toJson(schema, fromBinary(schema, written), { registry })).toEqual(json);
    }
  });
});

describe("bytes from a guest are decoded or refused, and nothing else happens:", () => {
  /** Decodes, or returns the refusal. What is decoded is written so that it reads the same again. */
  function decode(message: string, bytes: Uint8Array): Error | undefined {
    const schema = getSchema(message);
    try {
      const decoded = fromBinary(schema, bytes);
      const written = toBinary(schema, decoded);
      expect(toBinary(schema, fromBinary(schema, written))).toEqual(written);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  test.each(MESSAGES)("random ones as %s", (message) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decode(message, bytes)?.name ?? "Error").toMatch(/^(Range|Type)?Error$/);
      }),
      { numRuns: 200 },
    );
  });

  test("each vector cut short, with one byte changed, or with more behind it", () => {
    const place = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
    for (const { message, hex } of vectors) {
      const bytes = Buffer.from(hex, "hex");
      fc.assert(
        fc.property(place, fc.uint8Array({ maxLength: 10 }), ({ at, byte }, more) => {
          const changed = Uint8Array.from(bytes, (each, index) =>
            index === at % bytes.length ? byte : each,
          );
          for (const damaged of [
            bytes.subarray(0, at % (bytes.length + 1)),
            changed,
            Buffer.concat([bytes, more]),
          ]) {
            expect(decode(message, damaged)?.name ?? "Error").toMatch(/^(Range|Type)?Error$/);
          }
        }),
        { numRuns: 10 },
      );
    }
  });
});
