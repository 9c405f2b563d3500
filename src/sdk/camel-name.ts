// `exit_code` is `exitCode` in the SDK: for types and at run time, by the same rule.

export type CamelName<Name> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelName<Tail>>}`
  : Name;

export function camelName(name: string): string {
  const [head = "", ...tail] = name.split("_");
  return head + tail.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
