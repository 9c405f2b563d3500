// A command as a caller gives it, as the guest executes it, and as people read it.

export type Command = string | readonly string[];

/** The agent looks for bash, else sh. A shell in the guest that did it would take 8 ms more. */
const GUEST_SHELL = "";

/** One string is a shell's business; a vector is executed as it is, and its first word is not empty. */
export function guestArgv(command: Command): readonly string[] {
  return typeof command === "string" ? [GUEST_SHELL, "-c", command] : command;
}

/** The command as a shell would read it. */
export function formatCommand(command: Command): string {
  return typeof command === "string" ? command : command.map(quote).join(" ");
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
