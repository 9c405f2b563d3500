// The error for what no honest guest sends.

import { PyroError } from "../../contract/errors.js";
import { formatWorkspacePath } from "../files/workspace-path.js";

const SHOWN_BYTES = 300;

export function hostileGuest(what: string, bytePath: string): PyroError {
  const shown = formatWorkspacePath(bytePath.slice(0, SHOWN_BYTES));
  return new PyroError("export_refused", `the guest sent ${what}: ${shown}`, {
    hint: "The guest may be compromised; reset the workspace, or look at it before you trust it.",
  });
}
