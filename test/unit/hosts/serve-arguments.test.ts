import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SERVE_MODES, checkServeOptions, type ServeOptions } from "../../../src/contract/serve-options.js";
import { formatServeArguments, parseServeArguments } from "../../../src/hosts/serve-arguments.js";

describe("formatServeArguments", () => {
  test("writes the flags in one order, however they were given", () => {
    const one: ServeOptions = { allowHostCompat: true, environment: "debian:12-build", mode: "inspect" };
    const other: ServeOptions = { mode: "inspect", environment: "debian:12-build", allowHostCompat: true };
    const words = ["--mode", "inspect", "--environment", "debian:12-build", "--allow-host-compat"];
    expect(formatServeArguments(one)).toEqual(words);
    expect(formatServeArguments(other)).toEqual(words);
  });

  test("writes nothing for nothing, and nothing for a switch that is off", () => {
    expect(formatServeArguments({ allowHostCompat: false })).toEqual([]);
  });
});

describe("parseServeArguments", () => {
  const value = fc.stringMatching(/^[\w./:@-]( ?[\w./:@])*$/).filter((text) => !text.startsWith("-"));

  test("reads back what was written, also joined by spaces and with spaces in it", () => {
    const options = fc.record(
      {
        mode: fc.constantFrom(...SERVE_MODES),
        environment: value,
        projectPath: value,
        allowHostCompat: fc.constant(true),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(options, (given) => {
        expect(parseServeArguments(formatServeArguments(given).join(" "))).toEqual(given);
      }),
    );
  });

  test.each([
    ["a flag that there is not", "--verbose"],
    ["a flag given twice", "--mode inspect --mode inspect"],
    ["a mode that there is not", "--mode fast"],
    ["flags that contradict each other", "--profile vm-run --mode inspect"],
    ["another order", "--environment debian:12 --mode inspect"],
    ["a word before the flags", "now --mode inspect"],
  ])("knows nothing of %s", (_what, line) => {
    expect(parseServeArguments(line)).toBeUndefined();
  });
});

describe("checkServeOptions", () => {
  test.each<[string, ServeOptions]>([
    ["--profile and --mode", { profile: "vm-run", mode: "inspect" }],
    ["--project-path and --repo-url", { projectPath: "/p", repoUrl: "https://example.org/r" }],
    ["--repo-url and --no-project-source", { repoUrl: "https://example.org/r", noProjectSource: true }],
    ["--repo-ref needs --repo-url", { repoRef: "main" }],
  ])("refuses: %s", (message, options) => {
    expect(() => {
      checkServeOptions(options);
    }).toThrow(message);
  });
});
