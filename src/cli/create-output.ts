// Chooses between output for people and for programs.

import { HumanOutput } from "./human-output.js";
import { JsonOutput } from "./json-output.js";
import type { Output } from "./output.js";

export function createOutput(json: boolean): Output {
  const { stdout, stderr } = process;
  return json ? new JsonOutput(stdout, stderr) : new HumanOutput(stdout, stderr);
}
