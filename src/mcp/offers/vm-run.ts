// `--profile vm-run`: one tool, one command, one throw-away guest.

import { ABOUT_RESULTS, NO_NETWORK } from "./guidance.js";
import type { Offer } from "./offer.js";

export const VM_RUN: Offer = {
  tools: ["vm_run"],
  instructions: `vm_run runs one command in a fresh Linux guest with a kernel of its own, and removes the guest. Nothing of the host is in it, and nothing of it stays: put everything that belongs together into one command.

- A command is killed after \`timeout_seconds\` (30 if you say nothing).
- A non-zero exit is a result, not an error.
${NO_NETWORK}
${ABOUT_RESULTS}`,
};
