// What a result looks like to people.

/** Lines whose content is the result go to stdout, lines beside a result to stderr. */
export interface Rendering {
  readonly stdout?: string;
  readonly stderr?: string;
}
