// `make smoke-…`: the recipes of docs/use-cases against real guests. Arguments: names of smokes; none means all.

import { runSmoke } from "./run-smoke.js";
import { SMOKES } from "./smokes.js";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !SMOKES.some((smoke) => smoke.name === name));
if (unknown.length > 0) {
  console.error(
    `there is no smoke ${unknown.join(", ")}; there are: ${SMOKES.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => interrupt.abort(new Error(`interrupted by ${signal}`)));
}
for (const smoke of SMOKES) {
  if (names.length > 0 && !names.includes(smoke.name)) continue;
  if (!(await runSmoke(smoke, (line) => console.log(line), interrupt.signal))) process.exitCode = 1;
  if (interrupt.signal.aborted) break;
}
