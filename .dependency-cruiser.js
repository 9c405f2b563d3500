// Which folder may import from which (ARCHITECTURE.md, "Rooms"), and which npm packages where.

const FOLDERS = {
  contract: [],
  platform: ["contract"],
  operations: ["contract"],
  environment: ["contract", "platform"],
  guest: ["contract", "platform"],
  machine: ["contract", "platform", "guest"],
  network: ["contract", "platform", "guest", "machine"],
  seed: ["contract", "platform"],
  fleet: ["contract", "platform", "guest", "machine", "network", "environment"],
  vm: ["contract", "platform", "guest", "machine", "network", "environment", "fleet"],
  workspace: ["contract", "platform", "guest", "machine", "network", "environment", "seed", "fleet"],
  daemon: [
    "contract",
    "platform",
    "guest",
    "machine",
    "network",
    "environment",
    "seed",
    "fleet",
    "vm",
    "workspace",
    "operations",
  ],
  client: ["contract", "platform", "operations"],
  sdk: ["contract", "platform", "operations", "client"],
  mcp: ["contract", "platform", "operations", "client"],
  bench: ["contract", "platform", "operations", "client"],
  hosts: ["contract", "platform", "operations", "client"],
  cli: ["contract", "platform", "operations", "client", "bench", "mcp", "hosts"],
};

const directions = Object.entries(FOLDERS).map(([folder, allowed]) => ({
  name: `${folder}-imports`,
  comment: `src/${folder} imports only from: ${allowed.join(", ") || "nothing else"}`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: `^src/(${[folder, ...allowed].join("|")})/` },
}));

// npm package (or Node module) → the folders that may use it.
const PACKAGES = {
  "node_modules/commander": ["cli"],
  "node_modules/@connectrpc": ["guest"],
  "node_modules/@bufbuild": ["guest"],
  "node_modules/@modelcontextprotocol": ["mcp"],
  "node_modules/zod": [
    "contract",
    "operations",
    "machine",
    "network",
    "vm",
    "workspace",
    "seed",
    "sdk",
    "environment",
    "client",
    "hosts",
    "cli",
    "daemon",
    "mcp",
  ],
  "node_modules/jsonc-parser": ["hosts"],
  "node_modules/tar-stream": ["seed"],
  "node_modules/@xterm": ["workspace"],
  "^child_process$": ["platform"],
};

const packages = Object.entries(PACKAGES).map(([target, folders]) => ({
  name: `only-in-${folders[0]}-${target.replace(/\W+/g, "")}`,
  severity: "error",
  from: { path: "^src/", pathNot: `^src/(${folders.join("|")})/` },
  to: { path: target },
}));

export default {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, pathNot: ["\\.d\\.ts$", "^src/index\\.ts$", "/main\\.ts$"] },
      to: {},
    },
    {
      name: "runsc-only-in-gvisor",
      severity: "error",
      from: { path: "^src/machine/", pathNot: "^src/machine/gvisor/" },
      to: { path: "^src/machine/gvisor/" },
    },
    ...directions,
    ...packages,
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js"] },
  },
};
