// Several attempts at one task, each in a workspace of its own; the best one is kept.

import { Pyro } from "pyro-mcp";

const pyro = new Pyro();
const attempts = ["sorted(numbers)", "sorted(numbers, reverse=True)", "numbers[::-1]"];

const results = await Promise.all(
  attempts.map(async (expression, index) => {
    await using workspace = await pyro.createWorkspace({
      memMib: 256,
      // Labels tell workspaces apart in a list.
      labels: { task: "descending", attempt: String(index + 1) },
    });
    await workspace.writeFile({
      path: "answer.py",
      text: `numbers = [2, 9, 4]\nassert (${expression}) == [9, 4, 2]\n`,
    });
    const { exitCode } = await workspace.exec({ command: ["python3", "answer.py"] });
    const { patch } = await workspace.diff();
    return { index, exitCode, patch };
  }),
);

for (const { index, exitCode } of results) console.log(`attempt ${index + 1}: exit code ${exitCode}`);

const best = results.find(({ exitCode }) => exitCode === 0);
if (best) {
  // One workspace's changes go into another by their patch.
  await using final = await pyro.createWorkspace();
  const { entries } = await final.applyPatch({ patch: best.patch });
  console.log(`kept: ${entries.map(({ path, status }) => `${path} ${status}`).join(", ")}`);
}
