// The environment of whoever runs pyro, for programs of theirs: those are found and configured by it.

export type UserEnvironment = Readonly<Record<string, string>>;

/** All variables of this process. Programs of the host that do our own work get `HOST_ENV` instead. */
export function readUserEnvironment(): UserEnvironment {
  const variables = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(variables);
}
