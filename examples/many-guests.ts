// Several guests at once, each with a kernel and files of its own.

import { Pyro } from "pyro-mcp";

const pyro = new Pyro();
const numbers = [30, 31, 32];

const results = await Promise.all(
  numbers.map((number) =>
    pyro.runInVm({
      command: ["python3", "-c", `print(sum(range(${number} + 1)))`],
      memMib: 256,
    }),
  ),
);

for (const [index, { stdout, vmId }] of results.entries()) {
  console.log(`sum to ${numbers[index] ?? "?"}: ${stdout.trim()}`);
  console.error(`by ${vmId}`);
}
