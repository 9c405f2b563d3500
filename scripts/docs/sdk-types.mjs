// Writes src/sdk/gen/: the SDK's options and results as interfaces with documentation, from the operations' schemas.
// The compiler holds them against CamelCased<…> where Pyro's methods use them. Reads dist/operations.
import { mkdirSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { engineLabel } from "../../dist/contract/fields.js";
import { environmentEntry, installManifest } from "../../dist/operations/environment-fields.js";
import { OPERATIONS } from "../../dist/operations/registry.js";
import { camelName } from "../../dist/sdk/camel-name.js";

const OUT = "src/sdk/gen";

/** Interface → the operation whose result it is, or a part of one that has a name of its own. */
const RESULTS = {
  Engine: [engineLabel, "What ran a guest."],
  Environment: [environmentEntry, "An environment of the catalogue: what guests can be made of."],
  InstallManifest: [installManifest, "What is known about an installed environment."],
  EnvironmentList: [OPERATIONS.vm_list_environments.output, "Result of {@link Pyro.listEnvironments}."],
  EnvironmentDetails: [OPERATIONS.env_inspect.output, "Result of {@link Pyro.inspectEnvironment}."],
  PulledEnvironment: [OPERATIONS.env_pull.output, "Result of {@link Pyro.pullEnvironment}."],
  PruneResult: [OPERATIONS.env_prune.output, "Result of {@link Pyro.pruneEnvironments}."],
  VmRecord: [OPERATIONS.vm_status.output, "A one-shot guest, as it was when the call was answered."],
  CommandResult: [OPERATIONS.vm_run.output, "What came of one command, and of its guest."],
  DeletedVm: [OPERATIONS.vm_delete.output, "Result of {@link Pyro.deleteVm}."],
  VmNetworkInfo: [OPERATIONS.vm_network_info.output, "Result of {@link Pyro.networkInfoVm}."],
  ReapResult: [OPERATIONS.vm_reap_expired.output, "Result of {@link Pyro.reapExpired}."],
  DoctorReport: [OPERATIONS.doctor.output, "Result of {@link Pyro.doctor}."],
  PrepareResult: [OPERATIONS.prepare.output, "Result of {@link Pyro.prepare}."],
};

/** Interface → the operation whose input it is, and the options that come with the call. */
const OPTIONS = {
  InspectEnvironmentOptions: [OPERATIONS.env_inspect.input, ["CallOptions"], "inspectEnvironment"],
  PullEnvironmentOptions: [OPERATIONS.env_pull.input, ["ProgressOptions"], "pullEnvironment"],
  CreateVmOptions: [OPERATIONS.vm_create.input, ["ProgressOptions"], "createVm"],
  VmIdOptions: [OPERATIONS.vm_status.input, ["CallOptions"], undefined],
  ExecVmOptions: [OPERATIONS.vm_exec.input, ["CommandOptions"], "execVm"],
  RunInVmOptions: [OPERATIONS.vm_run.input, ["CommandOptions", "ProgressOptions"], "runInVm"],
  DoctorOptions: [OPERATIONS.doctor.input, ["CallOptions"], "doctor"],
  PrepareOptions: [OPERATIONS.prepare.input, ["ProgressOptions"], "prepare"],
};

const NAMED = new Map(Object.entries(RESULTS).map(([name, [schema]]) => [schema, name]));

/** The innermost schema, and what its wrappers say. */
function unwrap(schema) {
  const { type, innerType, defaultValue } = schema.def;
  if (!["optional", "nullable", "default"].includes(type)) {
    return { schema, description: schema.description, optional: false, nullable: false, fallback: undefined };
  }
  const inner = unwrap(innerType);
  return {
    ...inner,
    description: schema.description ?? inner.description,
    optional: inner.optional || type === "optional",
    nullable: inner.nullable || type === "nullable",
    fallback: type === "default" ? defaultValue : inner.fallback,
  };
}

function formatType(schema, side) {
  const inner = unwrap(schema);
  const text = formatInner(inner.schema, side);
  return inner.nullable ? `${text} | null` : text;
}

function formatInner(schema, side) {
  const name = NAMED.get(schema);
  if (name) return name;
  const { type } = schema.def;
  switch (type) {
    case "string":
    case "number":
    case "boolean":
      return type;
    case "enum":
      return Object.values(schema.enum)
        .map((value) => JSON.stringify(value))
        .join(" | ");
    case "array":
      return `${side === "input" ? "readonly " : ""}(${formatType(schema.element, side)})[]`;
    case "record":
      return `Record<string, ${formatType(schema.valueType, side)}>`;
    case "union":
      return schema.options.map((option) => formatType(option, side)).join(" | ");
    case "object":
      return `{ ${formatFields(schema, side)} }`;
    default:
      throw new Error(`no rule for a schema of type ${type}`);
  }
}

function formatFields(object, side) {
  return Object.entries(object.shape)
    .map(([name, field]) => {
      const { description, optional, fallback } = unwrap(field);
      const absent = optional || (side === "input" && fallback !== undefined);
      const type = formatType(field, side) + (absent ? " | undefined" : "");
      return `${formatDoc(description, fallback)}${camelName(name)}${absent ? "?" : ""}: ${type};`;
    })
    .join("\n");
}

function formatDoc(description, fallback) {
  const sentence = description && (/[.!?]$/.test(description) ? description : `${description}.`);
  const lines = [sentence, fallback !== undefined && `@defaultValue \`${JSON.stringify(fallback)}\``].filter(
    Boolean,
  );
  if (lines.length === 0) return "";
  return lines.length === 1 ? `\n/** ${lines[0]} */\n` : `\n/**\n * ${lines.join("\n *\n * ")}\n */\n`;
}

const HEADER =
  "// Made by scripts/docs/sdk-types.mjs from the operations' schemas; `make docs` makes it anew.\n\n";

async function write(file, text) {
  const config = await resolveConfig(file);
  mkdirSync(OUT, { recursive: true });
  writeFileSync(file, await format(HEADER + text, { ...config, parser: "typescript" }));
}

const results = Object.entries(RESULTS).map(
  ([name, [schema, doc]]) =>
    `/** ${doc} */\nexport interface ${name} {\n${formatFields(schema, "output")}\n}\n`,
);
const options = Object.entries(OPTIONS).map(([name, [schema, bases, method]]) => {
  const doc = method ? `Options of {@link Pyro.${method}}.` : "Options of calls that are about one guest.";
  return `/** ${doc} */\nexport interface ${name} extends ${bases.join(", ")} {\n${formatFields(schema, "input")}\n}\n`;
});
await write(`${OUT}/results.ts`, results.join("\n"));
await write(
  `${OUT}/options.ts`,
  `import type { CallOptions, CommandOptions, ProgressOptions } from "../call-options.js";\n\n${options.join("\n")}`,
);
