// What an operation is: declared once, here as data; every surface is derived from it.

import type { z } from "zod";

/** How honest annotations describe a call to somebody who must decide whether to allow it. */
export interface Effect {
  readonly readOnly: boolean;
  /** Destroys something that the user may want to keep. Work inside a throw-away guest does not. */
  readonly destructive: boolean;
  readonly idempotent: boolean;
  /** Reaches things outside this host. */
  readonly openWorld: boolean;
  /**
   * Input fields, its own or of the operation that makes the guest it is about, by which it reaches what `openWorld`
   * means; without them it is what `openWorld` says.
   */
  readonly openWorldWith?: readonly string[];
  /** Input fields that make it destructive when they are given; without them it is what `destructive` says. */
  readonly destructiveWith?: readonly string[];
}

/** Such as `--id-only`. */
export interface OnlyFlag {
  readonly flag: string;
  readonly field: string;
  readonly description: string;
  /** Whether the field is printed as a line; else exactly as it is. */
  readonly line: boolean;
}

/** A flag that adds an object of two fields to a list, such as `--secret NAME=VALUE`. */
export interface PairFlag {
  readonly flag: string;
  /** Keys of the object: of what stands before the `=`, and of what stands behind it. */
  readonly name: string;
  readonly value: string;
  readonly description: string;
}

/** How one word of a flag that can be given several times becomes an item of its field. */
export interface ItemSyntax {
  /** Such as `[host_port:]guest_port`. */
  readonly syntax: string;
  /** What it makes of nonsense, the operation's schema judges. */
  readonly parse: (text: string) => unknown;
}

/** How the operation is called on the command line. */
export interface CliBinding {
  /** The words of the command, such as `env pull`. */
  readonly words: readonly [string, ...string[]];
  /** Input fields given by position, in order. */
  readonly positionals?: readonly string[];
  /** The input field that takes everything after `--`. */
  readonly argvField?: string;
  /** Fields whose flag has another name: `labels` is `--label`. One that is true by default becomes `--no-…`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Lists of objects that are given pair by pair: field → the flags that take `NAME=VALUE`. */
  readonly pairFlags?: Readonly<Record<string, readonly PairFlag[]>>;
  /** Maps of which a key may stand alone, and is its own value then. */
  readonly bareKeys?: readonly string[];
  /** Lists of something else than texts. */
  readonly items?: Readonly<Record<string, ItemSyntax>>;
  /** Text fields that may also come from a file: field → name of the flag that takes the file. */
  readonly fileFlags?: Readonly<Record<string, string>>;
  /** A flag that prints nothing but one field of the result. */
  readonly only?: OnlyFlag;
  /** Exits with the status of the guest's command, and with 125 when pyro itself fails. */
  readonly guestStatus?: true;
  readonly examples: readonly [string, ...string[]];
}

export interface Operation<
  Id extends string = string,
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodObject = z.ZodObject,
> {
  readonly id: Id;
  /** One line, for lists. */
  readonly summary: string;
  /** For people and models who have to choose: what it does, what it needs, what comes back. */
  readonly description: string;
  readonly effect: Effect;
  /** A strict object with snake_case keys, each described. */
  readonly input: Input;
  readonly output: Output;
  /** Whether bytes for the command's stdin may follow the input. */
  readonly stdin?: boolean;
  /** Input fields that are paths on the caller's host: the client makes them absolute. `list.key`: of each object there. */
  readonly hostPaths?: readonly string[];
  /** The same for fields that name an image of a registry or a path. */
  readonly imagesOrPaths?: readonly string[];
  /** Absent: not a command. */
  readonly cli?: CliBinding;
}

/** Declares an operation; the identity function, for its types. */
export function defineOperation<
  const Id extends string,
  Input extends z.ZodObject,
  Output extends z.ZodObject,
>(operation: Operation<Id, Input, Output>): Operation<Id, Input, Output> {
  return operation;
}
