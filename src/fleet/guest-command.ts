// A command as a caller gives it, as the guest executes it, and as people read it.

export type Command = string | readonly string[];

/** Bash where the guest has one, else sh. `$0` is the shell's own name in its messages. */
const SHELL_CHOICE = 'if command -v bash >/dev/null 2>&1; then exec bash -c "$1"; else exec sh -c "$1"; fi';

/** One string is a shell's business; a vector is executed as it is. */
export function guestArgv(command: Command): readonly string[] {
  return typeof command === "string" ? ["sh", "-c", SHELL_CHOICE, "sh", command] : command;
}

/** The command as a shell would read it. */
export function formatCommand(command: Command): string {
  return typeof command === "string" ? command : command.map(quote).join(" ");
}

function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
