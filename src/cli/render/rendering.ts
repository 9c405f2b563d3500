// What a result looks like to people.

export interface Rendering {
  /** Text of the user's own, such as a file: exact in a file or a pipe, harmless on a terminal. Goes to stdout. */
  readonly content?: string;
  /** Lines whose content is the result. */
  readonly stdout?: string;
  /** Lines beside a result. */
  readonly stderr?: string;
}
