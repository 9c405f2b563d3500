import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMachineId, formatVmId, isMachineId, isVmId } from "../../../src/contract/ids.js";

test("any 12 random bytes make a VM id", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 12, maxLength: 20 }), (random) => {
      expect(isVmId(formatVmId(random))).toBe(true);
    }),
  );
});

test("any 16 random bytes make a machine id", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 20 }), (random) => {
      expect(isMachineId(formatMachineId(random))).toBe(true);
    }),
  );
});

test("too few random bytes are an error, not a short id", () => {
  expect(() => formatVmId(new Uint8Array(11))).toThrow(RangeError);
  expect(() => formatMachineId(new Uint8Array(15))).toThrow(RangeError);
});

test("five bits of each byte count", () => {
  expect(formatVmId(Uint8Array.from([0, 1, 25, 26, 31, 32, 255, 0, 0, 0, 0, 0]))).toBe("vm_abz27a7aaaaa");
});

test.each([
  "",
  "vm_",
  "vm_abcdefghijk",
  "vm_abcdefghijklm",
  "vm_abcdefghijk1",
  "VM_abcdefghijkl",
  "vm_abcdefghijkl\n",
])("%j is no VM id", (text) => expect(isVmId(text)).toBe(false));

test.each(["", "../../etc", "0".repeat(31), "0".repeat(33), "A".repeat(32), `${"0".repeat(32)}\n`])(
  "%j is no machine id",
  (text) => expect(isMachineId(text)).toBe(false),
);
