import { expect, test } from "vitest";
import { ExportBudget } from "../../../../src/workspace/export/export-budget.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

async function makeBudget(): Promise<ExportBudget> {
  return new ExportBudget(await makeTempDirectory(), "/out", () => undefined);
}

test("a million entries are allowed, and not one more", async () => {
  const budget = await makeBudget();
  for (let count = 0; count < 1_000_000; count++) await budget.takeEntry(20);
  await expect(budget.takeEntry(20)).rejects.toMatchObject({
    code: "export_refused",
    message: "the export has more than 1000000 entries",
  });
});

test("64 GiB are allowed, and not one byte more", async () => {
  const budget = await makeBudget();
  for (let gib = 0; gib < 64; gib++) await budget.takeBytes(1024 ** 3);
  await expect(budget.takeBytes(1)).rejects.toMatchObject({ code: "export_refused" });
});

test("names of 256 MiB together are allowed, and not one byte more", async () => {
  const budget = await makeBudget();
  for (let mib = 0; mib < 256; mib++) await budget.takeEntry(1024 ** 2);
  await expect(budget.takeEntry(1)).rejects.toMatchObject({ code: "export_refused" });
});
