import { expect, test } from "vitest";
import { PyroError } from "../../../src/contract/errors.js";
import { DEFAULT_ENVIRONMENT } from "../../../src/contract/limits.js";
import { CATALOGUE, getEnvironment } from "../../../src/environment/catalogue.js";
import { PACKAGE_VERSION } from "../../../src/platform/package-files.js";

function lookUp(name: string): PyroError {
  try {
    getEnvironment(name);
  } catch (error) {
    if (error instanceof PyroError) return error;
  }
  throw new Error(`${name} was found`);
}

test("the catalogue holds the contract's three environments", () => {
  expect(CATALOGUE.map((entry) => entry.name)).toEqual(["debian:12", "debian:12-base", "debian:12-build"]);
  expect(CATALOGUE.every((entry) => entry.version === PACKAGE_VERSION)).toBe(true);
  expect(getEnvironment(DEFAULT_ENVIRONMENT).defaultPackages).toEqual(
    expect.arrayContaining(["git", "curl", "ca-certificates", "python3"]),
  );
  expect(getEnvironment("debian:12-build").defaultPackages).toEqual(
    expect.arrayContaining([
      "git",
      "build-essential",
      "cmake",
      "python3-venv",
      "nodejs",
      "npm",
      "ripgrep",
      "jq",
    ]),
  );
});

test("an unknown environment is refused with the names there are", () => {
  const error = lookUp("alpine");
  expect(error.code).toBe("environment_not_found");
  for (const { name } of CATALOGUE) expect(error.message).toContain(name);
  expect(error.hint).toContain("docker.io/library/alpine:latest");
  expect(lookUp("no such name!").hint).toContain("See `pyro env list`.");
});

test.each([
  ["ghcr.io/Org/Image:1", "lower case: ghcr.io/org/image:1"],
  ["./image", "oci:./image"],
  ["/srv/image", "oci:/srv/image"],
])("what is meant for an image is answered with how it is written: %s", (typed, meant) => {
  expect(lookUp(typed).hint).toContain(meant);
});

test("an image in a directory is an environment by its path", () => {
  expect(getEnvironment("oci:/srv/image:1")).toMatchObject({ name: "oci:/srv/image:1", sources: ["oci"] });
});

test.each([
  ["debian12", "debian:12"],
  ["Debian:12", "debian:12"],
  ["debian:12-biuld", "debian:12-build"],
  ["debian:12base", "debian:12-base"],
])("a near miss is answered with the name that was meant: %s", (typed, meant) => {
  expect(lookUp(typed).hint).toContain(`Did you mean ${meant}?`);
});
