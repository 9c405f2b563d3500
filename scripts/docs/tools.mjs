// Writes docs/reference/tools.md: every MCP tool, and what each profile and mode offers. Reads dist/.
import { writeFileSync } from "node:fs";
import { z } from "zod";
import { SERVE_MODES, SERVE_PROFILES } from "../../dist/contract/serve-options.js";
import { findOffer } from "../../dist/mcp/offers/find-offer.js";
import { listTools } from "../../dist/mcp/tools/list-tools.js";
import { OPERATIONS } from "../../dist/operations/registry.js";

/** What a server knows that was started outside a project by a client that names none: nothing is in the texts. */
const SOURCE = { kind: "none" };

const OFFERS = [
  ...SERVE_PROFILES.map((profile) => ({ flag: `--profile ${profile}`, options: { profile } })),
  ...SERVE_MODES.map((mode) => ({ flag: `--mode ${mode}`, options: { mode } })),
].map(({ flag, options }) => {
  const offer = findOffer(options);
  const offered = listTools(offer, options, SOURCE);
  const definitions = new Map(offered.map(({ definition }) => [definition.name, definition]));
  return { flag, offer, tools: offer.tools, offered, definitions };
});

/** In the order of the operations. */
const TOOLS = Object.keys(OPERATIONS).filter((id) => OFFERS.some(({ tools }) => tools.includes(id)));

/** Fields that several tools answer with: told once. */
const RECORD = OPERATIONS.workspace_status.output;

function formatTool(id) {
  const operation = OPERATIONS[id];
  const offered = OFFERS.filter(({ tools }) => tools.includes(id)).map(({ flag }) => `\`${flag}\``);
  return [
    `### ${id}`,
    operation.description,
    `Offered by ${offered.join(", ")}. ${formatAnnotations(id)}`,
    formatInputs(operation),
    formatResult(operation),
  ].join("\n\n");
}

const HINTS = {
  readOnlyHint: "read-only",
  destructiveHint: "destructive",
  idempotentHint: "idempotent",
  openWorldHint: "open world",
};

/** What holds in every offer, or in which it does. */
function formatAnnotations(id) {
  const offering = OFFERS.filter(({ tools }) => tools.includes(id));
  const hints = Object.entries(HINTS).map(([hint, words]) => {
    const saying = offering.filter(({ definitions }) => definitions.get(id).annotations[hint]);
    if (saying.length === 0) return `${words}: no`;
    if (saying.length === offering.length) return `${words}: yes`;
    return `${words}: with ${saying.map(({ flag }) => code(flag)).join(", ")}`;
  });
  return `Annotations: ${hints.join("; ")}.`;
}

function formatInputs({ input }) {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: "input" });
  const rows = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\`${required.includes(name) ? " *" : ""}`,
    formatType(schema),
    schema.default === undefined ? "" : `\`${JSON.stringify(schema.default)}\``,
    formatRange(schema),
    schema.description ?? "",
  ]);
  return rows.length === 0
    ? "No arguments."
    : table(["Argument", "Type", "Default", "Range", "Meaning"], rows);
}

function formatResult(operation) {
  const { output } = operation;
  if (!("workspace_seed" in output.shape)) return table(["Result", "Type", "Meaning"], resultRows(output));
  const added = Object.keys(output.shape).filter((name) => !(name in RECORD.shape));
  const beside = added.length === 0 ? "" : `, and beside it:`;
  const rows = resultRows(output).filter(([name]) => added.some((each) => name.startsWith(`\`${each}`)));
  return [
    `Result: the [workspace's record](#the-record-of-a-workspace)${beside}`,
    ...(rows.length > 0 ? [table(["Result", "Type", "Meaning"], rows)] : []),
  ].join("\n\n");
}

function resultRows(output) {
  const { properties = {} } = z.toJSONSchema(output);
  return Object.entries(properties).flatMap(([name, schema]) => describeField(name, schema));
}

/** A field and those inside it, such as `entries[].path`. */
function describeField(name, schema) {
  const inner = [schema, ...(schema.anyOf ?? [])].find(({ type }) => type === "object" || type === "array");
  const item = inner?.type === "array" ? inner.items : inner;
  const prefix = inner?.type === "array" ? `${name}[]` : name;
  const children = Object.entries(item?.properties ?? {}).flatMap(([child, each]) =>
    describeField(`${prefix}.${child}`, each),
  );
  return [[`\`${name}\``, formatType(schema), schema.description ?? ""], ...children];
}

function formatType(schema) {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.anyOf) return schema.anyOf.map(formatType).join(" or ");
  if (schema.type === "array") return `list of ${formatType(schema.items ?? {})}`;
  if (schema.type !== "object") return [schema.type ?? "any"].flat().join(" or ");
  const values = schema.additionalProperties;
  return values && Object.keys(values).length > 0 ? `object of ${formatType(values)}` : "object";
}

function formatRange({ minimum, maximum, minLength, maxLength, anyOf }) {
  const bounds = (least, most, unit) =>
    most === undefined || most === Number.MAX_SAFE_INTEGER
      ? least === undefined
        ? ""
        : `at least ${least}${unit}`
      : `${least ?? 0} to ${most}${unit}`;
  const own = bounds(minimum, maximum, "") || bounds(minLength, maxLength, " characters");
  return own || (anyOf ?? []).map(formatRange).filter(Boolean).join("; ");
}

function formatOffer({ flag, offer, tools, offered, definitions }) {
  const bytes = Buffer.byteLength(JSON.stringify({ tools: [...definitions.values()] }));
  const withheld = offered
    .filter((tool) => tool.withheld.size > 0)
    .map(
      ({ definition: { name }, withheld: names }) => `\`${name}\`: ${[...names.keys()].map(code).join(", ")}`,
    );
  const own = Object.keys(offer.descriptions ?? {}).map(
    (name) => `- \`${name}\`: ${definitions.get(name).description}`,
  );
  return [
    `### ${flag}`,
    `Tools: ${tools.length}, ${bytes} bytes of \`tools/list\`: ${tools.map(link).join(", ")}.`,
    withheld.length === 0 ? "Nothing is withheld." : `Withheld: ${withheld.join("; ")}.`,
    "What a model reads first:",
    `\`\`\`text\n${offer.instructions}\n\`\`\``,
    ...(own.length > 0 ? ["Told otherwise than below:", own.join("\n")] : []),
  ].join("\n\n");
}

function code(text) {
  return `\`${text}\``;
}

function link(id) {
  return `[${id}](#${id})`;
}

function table(titles, rows) {
  const format = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [format(titles), format(titles.map(() => "---")), ...rows.map(format)].join("\n");
}

writeFileSync(
  "docs/reference/tools.md",
  `# MCP tools

<!-- Made by scripts/docs/tools.mjs; \`make docs\` makes it anew. -->

What \`pyro mcp serve\` offers to a client. Without a flag it is \`--profile workspace-core\`. The list is decided when the
server starts and never changes: the same flags and the same project give the same bytes.

- A result comes as structured content and as text with the same facts, each of at most 10,000 characters; \`shortened\`
  says what was left out, and which call reads it.
- A failure is a result with \`isError\` and \`error\`: \`code\` (see [errors.md](errors.md)), \`message\`, \`hint\`, \`retryable\`.
- An argument that a tool does not have is refused by name. \`allow_host_compat\` is there only on a server that was started
  with \`--allow-host-compat\`.
- \`environment\` has the server's \`--environment\` as its default, and \`workspace_create\` without \`seed_path\` starts from the
  project that the server was started for: its description says which.
- \`*\` marks what must be given. A client that is told of progress hears at least every ten seconds.

## Profiles and modes

Bytes are those of a server that has no project; the path of one adds its own.

${OFFERS.map(formatOffer).join("\n\n")}

## Tools

${TOOLS.map(formatTool).join("\n\n")}

## The record of a workspace

${table(["Result", "Type", "Meaning"], resultRows(RECORD))}
`,
);
