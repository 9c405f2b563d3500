// Output and stdin of a command, through agent, daemon and CLI: whole processes, start of the guest included.

import { sample } from "../../src/bench/sample.js";
import type { DeveloperScenario } from "../context.js";
import { measureThroughput, PRODUCE_IN_GUEST, VOLUME_BYTES } from "../throughput.js";

const FLAGS = ["--timeout-seconds", "300"];

export const cliOutput: DeveloperScenario = {
  name: "cli-output",
  title: "output of a command through the CLI, 256 MiB, whole process",
  unit: "MB/s",
  goal: 150,
  runs: 5,
  run(context) {
    const command = PRODUCE_IN_GUEST;
    const args = ["run", context.environment, ...FLAGS, "--", ...command];
    return sample(context, () =>
      measureThroughput(() => context.pooled.shell('"$@" > /dev/null', args, context.signal)),
    );
  },
};

export const cliInput: DeveloperScenario = {
  name: "cli-input",
  title: "stdin of a command through the CLI, 256 MiB, whole process",
  unit: "MB/s",
  goal: 150,
  runs: 5,
  run(context) {
    const script = `head -c ${VOLUME_BYTES} /dev/zero | "$@" > /dev/null`;
    const args = ["run", context.environment, ...FLAGS, "--", "sh", "-c", "cat > /dev/null"];
    return sample(context, () => measureThroughput(() => context.pooled.shell(script, args, context.signal)));
  },
};
