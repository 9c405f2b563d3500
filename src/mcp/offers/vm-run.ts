// `--profile vm-run`: one tool, one command, one throw-away guest.

import { ABOUT_RESULTS, NETWORK_BY_FLAG, NO_NETWORK } from "./guidance.js";
import type { Offer } from "./offer.js";

const instruct = (
  aboutNetwork: string,
) => `vm_run runs one command in a fresh Linux guest with a kernel of its own, and removes the guest. Nothing of the host is in it, and nothing of it stays: put everything that belongs together into one command.

- A command is killed after \`timeout_seconds\` (30 if you say nothing).
- A non-zero exit is a result, not an error.
${aboutNetwork}
${ABOUT_RESULTS}`;

export const VM_RUN: Offer = { tools: ["vm_run"], instructions: instruct(NETWORK_BY_FLAG) };

/** For a tool that has no `network`. */
export const VM_RUN_WITHOUT_NETWORK = instruct(NO_NETWORK);
