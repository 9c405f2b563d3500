import { expect, test } from "vitest";
import { resolveHostPaths } from "../../../src/client/host-paths.js";
import { OPERATION_IDS, OPERATIONS } from "../../../src/operations/registry.js";
import type { Operation } from "../../../src/operations/operation.js";

const cwd = process.cwd();

test.each([
  ["a/b", `${cwd}/a/b`],
  ["../x", `${cwd}/../x`],
  ["/abs/./y", "/abs/y"],
  [".", cwd],
])("%j of the caller is absolute for the daemon", (given, expected) => {
  const input = { workspace_id: "ws", source_path: given, dest: "relative/stays" };
  expect(resolveHostPaths("workspace_sync_push", input)).toEqual({
    ...input,
    source_path: expected.replace(`${cwd}/..`, cwd.slice(0, cwd.lastIndexOf("/"))),
  });
});

test.each([[undefined], [null], ["text"], [[1]], [{}], [{ seed_path: 5 }], [{ seed_path: "" }]])(
  "what is no path stays, for the schema to judge: %j",
  (input) => {
    expect(resolveHostPaths("workspace_create", input)).toEqual(input);
  },
);

test("the path of each secret's file is absolute, and its value is no path", () => {
  const secrets = [{ name: "A", file_path: "a" }, { name: "B", value: "b" }, 5];
  expect(resolveHostPaths("workspace_create", { secrets })).toEqual({
    secrets: [{ name: "A", file_path: `${cwd}/a` }, { name: "B", value: "b" }, 5],
  });
});

test.each([
  ["oci:./image", `oci:${cwd}/image`],
  ["oci:image:tag", `oci:${cwd}/image:tag`],
  ["oci:/abs/../image", "oci:/image"],
  ["debian:12", "debian:12"],
  ["ghcr.io/org/image:1", "ghcr.io/org/image:1"],
])("the environment %j is %j for the daemon", (given, expected) => {
  expect(resolveHostPaths("vm_run", { environment: given })).toEqual({ environment: expected });
});

test("every field that holds a path of the host is declared as one", () => {
  for (const id of OPERATION_IDS) {
    const { input, hostPaths = [] }: Operation = OPERATIONS[id];
    const named = Object.keys(input.shape).filter((name) => /^(seed|source|output)_path$/.test(name));
    expect(hostPaths.filter((field) => !field.includes(".")).sort()).toEqual(named.sort());
  }
});

test("an output that is meant as an image and is none is refused, and becomes no directory of that name", () => {
  const resolve = (output: string) => resolveHostPaths("snapshot_export", { output });
  expect(resolve("ghcr.io/org/img:1")).toEqual({ output: "ghcr.io/org/img:1" });
  expect(resolve("./ghcr.io/Org")).toEqual({ output: `${cwd}/ghcr.io/Org` });
  expect(() => resolve("ghcr.io/Org/img:1")).toThrow('"ghcr.io/Org/img:1" is no image reference');
});
