// A guest that is created first and used later. `await using` removes it whatever happens.

import { Pyro } from "pyro-mcp";

const pyro = new Pyro();

{
  await using vm = await pyro.createVm({ environment: "debian:12", memMib: 512, ttlSeconds: 600 });
  console.log(`${vm.record.state} with ${vm.record.memMib} MiB`);

  const { state, executionMode } = await vm.start();
  console.log(`${state} in a ${executionMode}`);

  // Its one command: the guest is gone afterwards.
  const { stdout } = await vm.exec({ command: ["sh", "-c", "echo hello from $(uname -s)"] });
  process.stdout.write(stdout);
}
