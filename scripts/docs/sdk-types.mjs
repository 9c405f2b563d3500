// Writes src/sdk/gen/: the SDK's options and results as interfaces with documentation, from the operations' schemas.
// The compiler holds them against CamelCased<…> where Pyro's methods use them. Reads dist/operations.
import { mkdirSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import { camelName } from "../../dist/sdk/camel-name.js";
import { OPTIONS, RESULTS } from "./sdk-tables.mjs";

const OUT = "src/sdk/gen";

const NAMED = new Map(
  Object.values(RESULTS).flatMap((file) => Object.entries(file).map(([name, [schema]]) => [schema, name])),
);

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

/** The import of each name that `text` uses and another file has. */
function formatImports(text, names, from) {
  const used = names.filter((name) => new RegExp(`\\b${name}\\b(?!\\()`).test(text));
  return used.length === 0 ? "" : `import type { ${used.join(", ")} } from "${from}";\n`;
}

for (const [file, interfaces] of Object.entries(RESULTS)) {
  const text = Object.entries(interfaces)
    .map(
      ([name, [schema, doc]]) =>
        `/** ${doc} */\nexport interface ${name} {\n${formatFields(schema, "output")}\n}\n`,
    )
    .join("\n");
  const imports = Object.entries(RESULTS)
    .filter(([other]) => other !== file)
    .map(([other, there]) => formatImports(text, Object.keys(there), `./${other}.js`));
  await write(`${OUT}/${file}.ts`, `${imports.join("")}\n${text}`);
}

for (const [file, interfaces] of Object.entries(OPTIONS)) {
  const text = Object.entries(interfaces)
    .map(
      ([name, [schema, bases, doc]]) =>
        `/** ${doc} */\nexport interface ${name} extends ${bases.join(", ")} {\n${formatFields(schema, "input")}\n}\n`,
    )
    .join("\n");
  const bases = formatImports(
    text,
    ["CallOptions", "CommandOptions", "OutputOptions", "ProgressOptions"],
    "../call-options.js",
  );
  await write(`${OUT}/${file}.ts`, `${bases}\n${text}`);
}
