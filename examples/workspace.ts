// The editing loop: a project in a workspace, tried, patched, tried again. The project itself is never touched.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Pyro } from "pyro-mcp";

const pyro = new Pyro();
const project = await mkdtemp(path.join(tmpdir(), "project-"));

try {
  await writeFile(path.join(project, "add.py"), "def add(a, b):\n    return a - b\n");
  await writeFile(path.join(project, "test.py"), "from add import add\nassert add(2, 3) == 5\n");

  await using workspace = await pyro.createWorkspace({ seedPath: project });
  const test = () => workspace.exec({ command: ["python3", "-B", "test.py"] });
  console.log(`before: exit code ${(await test()).exitCode}`);

  await workspace.applyPatch({
    patch: `--- a/add.py
+++ b/add.py
@@ -1,2 +1,2 @@
 def add(a, b):
-    return a - b
+    return a + b
`,
  });
  console.log(`after: exit code ${(await test()).exitCode}`);

  const { patch } = await workspace.diff();
  console.log(`changed: ${/^\+ .*$/m.exec(patch)?.[0] ?? "nothing"}`);

  // What a workspace changes on the host is what is exported, and nothing else.
  await workspace.export({ path: "add.py", outputPath: path.join(project, "fixed.py") });

  // The way to try again: a fresh guest with the files as they were.
  const { resetCount } = await workspace.reset();
  console.log(`reset ${resetCount}: exit code ${(await test()).exitCode}`);
} finally {
  await rm(project, { recursive: true });
}
