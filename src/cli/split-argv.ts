// Everything after the first `--` belongs to the guest, untouched.

export interface SplitArgv {
  readonly own: readonly string[];
  /** Undefined: there was no `--`. */
  readonly guest: readonly string[] | undefined;
}

export function splitArgv(argv: readonly string[]): SplitArgv {
  const at = argv.indexOf("--");
  return at < 0 ? { own: argv, guest: undefined } : { own: argv.slice(0, at), guest: argv.slice(at + 1) };
}
