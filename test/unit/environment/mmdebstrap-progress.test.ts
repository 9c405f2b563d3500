import { expect, test } from "vitest";
import { MmdebstrapProgress } from "../../../src/environment/mmdebstrap-progress.js";

test("mmdebstrap's steps become lines, its packages a count", () => {
  const progress = new MmdebstrapProgress();
  expect(progress.push("I: running apt-get update...")).toEqual({
    phase: "install",
    fields: { step: "update" },
  });
  expect(progress.push("0 upgraded, 2 newly installed, 0 to remove and 1 not upgraded.")).toBeUndefined();
  expect(progress.push("Get:1 http://deb.debian.org bookworm/main amd64 a [1 kB]")?.done?.current).toBe(0);
  expect(progress.push("Setting up a (1) ...")?.done).toEqual({ current: 1, total: 2, unit: "packages" });
  expect(progress.push("0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.")).toBeUndefined();
  expect(progress.push("Setting up b (1) ...")?.done).toEqual({ current: 2, total: 3, unit: "packages" });
});

test("a count never passes its total, and other output says nothing", () => {
  const progress = new MmdebstrapProgress();
  expect(progress.push("Setting up dummy (1) ...")?.done).toEqual({ current: 1, total: 1, unit: "packages" });
  expect(progress.push("Reading package lists...")).toBeUndefined();
  expect(progress.push("I: automatically chosen format: tar")).toBeUndefined();
});
