import { chmod, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { codex } from "../../../src/hosts/codex.js";
import { examineHosts } from "../../../src/hosts/doctor.js";
import { opencode } from "../../../src/hosts/opencode.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

test("a host whose program cannot be run is not well, and the others are examined all the same", async () => {
  const bin = await makeTempDirectory();
  await writeFile(path.join(bin, "codex"), "#!/nowhere/interpreter\n");
  await chmod(path.join(bin, "codex"), 0o755);
  const { signal } = new AbortController();
  const build = () => ({ command: process.execPath, args: ["-e", ""], env: {} });
  const report = await examineHosts(
    [codex, opencode],
    { options: undefined, build },
    { env: { PATH: bin }, cwd: "/", signal },
  );
  expect(report.hosts).toMatchObject([
    { id: "codex", installed: { program: path.join(bin, "codex") }, healthy: false },
    { id: "opencode", healthy: true },
  ]);
  expect(report.hosts[0]?.problem).toBeDefined();
});
