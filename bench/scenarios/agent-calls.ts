// Calls over the connection to a guest's agent, without daemon and CLI.

import { TRUE_COMMAND } from "../../src/bench/one-shot.js";
import { sample, timeMs } from "../../src/bench/sample.js";
import type { DeveloperScenario } from "../context.js";
import { measureThroughput, PRODUCE_IN_GUEST, produceVolume } from "../throughput.js";
import { execWith, withMachine } from "../with-machine.js";

export const agentPing: DeveloperScenario = {
  name: "agent-ping",
  title: "round trip of a call to the agent",
  unit: "ms",
  goal: undefined,
  runs: 200,
  run: (context) =>
    withMachine(context, ({ agent }) => sample(context, () => timeMs(() => agent.ping(context.signal)))),
};

export const agentExec: DeveloperScenario = {
  name: "agent-exec",
  title: "exec of /bin/true by the agent",
  unit: "ms",
  goal: undefined,
  runs: 100,
  run: (context) =>
    withMachine(context, (machine) =>
      sample(context, () => timeMs(() => execWith(machine, TRUE_COMMAND, context.signal))),
    ),
};

export const agentOutput: DeveloperScenario = {
  name: "agent-output",
  title: "output of a command from the agent, 256 MiB",
  unit: "MB/s",
  goal: 150,
  runs: 5,
  run: (context) =>
    withMachine(context, (machine) => {
      const argv = PRODUCE_IN_GUEST;
      return sample(context, () => measureThroughput(() => execWith(machine, argv, context.signal)));
    }),
};

export const agentInput: DeveloperScenario = {
  name: "agent-input",
  title: "stdin of a command to the agent, 256 MiB",
  unit: "MB/s",
  goal: 150,
  runs: 5,
  run: (context) =>
    withMachine(context, (machine) => {
      const argv = ["sh", "-c", "cat > /dev/null"];
      const act = () => execWith(machine, argv, context.signal, produceVolume());
      return sample(context, () => measureThroughput(act));
    }),
};
