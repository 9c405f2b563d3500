import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { resolveInRoot } from "../../../../src/environment/image/resolve-in-root.js";

test("links of a tree lead to where a guest would go, never out of the tree", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "pyro-root-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(path.join(root, "usr/lib"), { recursive: true });
  await symlink("usr/lib", path.join(root, "lib"));
  await symlink("/../../../../etc", path.join(root, "out"));
  await symlink("../../../../../etc", path.join(root, "usr/up"));
  await symlink("/lib/deeper", path.join(root, "chain"));
  await symlink("loop", path.join(root, "loop"));
  const resolve = async (name: string) => path.relative(root, await resolveInRoot(root, name));
  expect(await resolve("/lib/pyro/image.json")).toBe("usr/lib/pyro/image.json");
  expect(await resolve("/out/shadow")).toBe("etc/shadow");
  expect(await resolve("/usr/up/shadow")).toBe("etc/shadow");
  expect(await resolve("/chain/x")).toBe("usr/lib/deeper/x");
  expect(await resolve("/../../x")).toBe("x");
  expect(await resolve("/missing/./y/../z")).toBe("missing/z");
  await expect(resolve("/loop/x")).rejects.toThrow("too many links");
});
