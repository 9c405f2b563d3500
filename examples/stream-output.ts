// Output while the command runs, and bytes for its stdin.

import { setTimeout as sleep } from "node:timers/promises";
import { Pyro } from "pyro-mcp";

const pyro = new Pyro();

async function* readings(): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const celsius of [19, 21, 23]) {
    yield encoder.encode(`${celsius}\n`);
    await sleep(50);
  }
}

// A chunk can end inside a character: `stream: true` keeps the rest for the next one.
const decoder = new TextDecoder();

await pyro.runInVm({
  command: 'while read celsius; do echo "$celsius °C"; done',
  stdin: readings(),
  onStdout: async (chunk) => {
    // While this is pending nothing more is read: a slow reader slows the command down.
    await sleep(10);
    process.stdout.write(decoder.decode(chunk, { stream: true }));
  },
  onStderr: (chunk) => void process.stderr.write(chunk),
  onProgress: ({ tag, phase }) => console.error(`${tag}: ${phase}`),
});
