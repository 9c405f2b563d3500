// The environment of whoever runs pyro, for programs of theirs: those are found and configured by it.

export type UserEnvironment = Readonly<Record<string, string>>;

/** What programs that talk to registries go by, besides the home: where credentials are, proxies, authorities. */
export const REGISTRY_VARIABLES = [
  ...(["DOCKER_CONFIG", "REGISTRY_AUTH_FILE"] as const),
  ...(["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"] as const),
  ...(["SSL_CERT_FILE", "SSL_CERT_DIR"] as const),
] as const;

/** Those of them that are set, and what credential helpers are found by. */
export function readRegistryVariables(variables: NodeJS.ProcessEnv = process.env): UserEnvironment {
  const names = ["PATH", "HOME", "XDG_RUNTIME_DIR", ...REGISTRY_VARIABLES];
  const set = names.flatMap((name) => {
    const value = variables[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

/** All variables of this process. Programs of the host that do our own work get `HOST_ENV` instead. */
export function readUserEnvironment(): UserEnvironment {
  const variables = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(variables);
}
