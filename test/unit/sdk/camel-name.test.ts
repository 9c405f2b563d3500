import { expect, expectTypeOf, test } from "vitest";
import { camelName, type CamelName } from "../../../src/sdk/camel-name.js";
import { OPERATIONS } from "../../../src/operations/registry.js";

test("type and value follow one rule", () => {
  const exitCode: CamelName<"exit_code"> = "exitCode";
  const plain: CamelName<"stdout"> = "stdout";
  const long: CamelName<"supports_guest_exec"> = "supportsGuestExec";
  const digits: CamelName<"sha_256_sum"> = "sha256Sum";
  const doubled: CamelName<"a__b"> = "aB";
  expect(camelName("exit_code")).toBe(exitCode);
  expect(camelName("stdout")).toBe(plain);
  expect(camelName("supports_guest_exec")).toBe(long);
  expect(camelName("sha_256_sum")).toBe(digits);
  expect(camelName("a__b")).toBe(doubled);
  expectTypeOf<CamelName<"vm_id">>().toEqualTypeOf<"vmId">();
});

test("no operation has two fields that would get one name", () => {
  for (const { input, output } of Object.values(OPERATIONS)) {
    for (const { shape } of [input, output]) {
      const names = Object.keys(shape);
      expect(new Set(names.map(camelName)).size).toBe(names.length);
    }
  }
});
