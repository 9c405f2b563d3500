// One life of a workspace through SDK and command line: the same facts as the bare client gets.

import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { OPERATIONS } from "../../../src/operations/registry.js";
import { useSdk } from "../sdk/use-sdk.js";
import { comparable } from "./comparable.js";
import { listSteps, makeProject, playScenario, type Step } from "./scenario.js";
import { cliSurface, clientSurface, sdkSurface, type Surface } from "./surfaces.js";

describe("surfaces agree on a workspace", () => {
  const sdk = useSdk();
  let project = "";
  let reference: unknown[] = [];

  async function makeSteps(surface: string): Promise<readonly Step[]> {
    const output = path.join(sdk().cli.directory, `out-${surface}`);
    await mkdir(output);
    return listSteps(project, output);
  }

  async function expectReference(name: string, surface: Surface): Promise<void> {
    const steps = await makeSteps(name);
    const results = await playScenario(surface, steps);
    for (const [index, { id }] of steps.entries()) {
      const what = `step ${index}, ${id}`;
      expect(comparable(results[index]), what).toEqual(comparable(reference[index]));
    }
    expect(await readFile(path.join(sdk().cli.directory, `out-${name}`, "a", "b.txt"), "utf8")).toBe(
      "written\n\ttab ☃",
    );
  }

  beforeAll(async () => {
    project = await makeProject(sdk().cli.directory);
    reference = await playScenario(clientSurface(sdk().cli), await makeSteps("client"));
  });

  test("the bare client's results are what the operations promise, with no key beside", async () => {
    const steps = await makeSteps("unused");
    expect(reference).toHaveLength(steps.length);
    for (const [index, { id }] of steps.entries()) {
      expect(OPERATIONS[id].output.strict().safeParse(reference[index]).error, id).toBeUndefined();
    }
  });

  test("the SDK", () => expectReference("sdk", sdkSurface(sdk().pyro)));

  test("the command line", () => expectReference("cli", cliSurface(sdk().cli)));
});
