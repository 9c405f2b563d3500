// A result as text for a model: every fact of the structured content, one a line. What a guest wrote stands between
// fences that it cannot close.

import { isJsonObject, type Json, type JsonObject } from "../json.js";

/** What guests write and files hold, fenced also when it is one line. */
const BLOCKS = new Set(["stdout", "stderr", "content", "patch", "output"]);
const FENCE = "```";

export function renderText(result: JsonObject): string {
  return renderMembers("", result).join("\n");
}

/** Lines first, blocks after them. */
function renderMembers(prefix: string, members: JsonObject): string[] {
  const lines: string[] = [];
  const blocks: string[] = [];
  for (const [key, value] of Object.entries(members)) {
    const name = prefix + key;
    if (typeof value === "string" && isBlock(key, value)) blocks.push(renderBlock(name, value));
    else if (Array.isArray(value)) lines.push(...renderArray(name, value));
    else if (isJsonObject(value)) lines.push(...renderMembers(`${name}.`, value));
    else lines.push(`${name}: ${renderScalar(value)}`);
  }
  return [...lines, ...blocks];
}

function isBlock(key: string, text: string): boolean {
  return text.includes("\n") || (BLOCKS.has(key) && text !== "");
}

function renderBlock(name: string, text: string): string {
  const longest = (text.match(/`{3,}/g) ?? []).reduce(
    (fence, run) => (run >= fence ? `${run}\`` : fence),
    FENCE,
  );
  return `${name}:\n${longest}\n${text}${text.endsWith("\n") ? "" : "\n"}${longest}`;
}

function renderArray(name: string, items: readonly Json[]): string[] {
  if (items.length === 0) return [`${name}: none`];
  const objects = items.filter(isJsonObject);
  if (objects.length < items.length) return [`${name}: ${items.map(renderCell).join(" | ")}`];
  if (objects.some(hasBlock)) {
    return objects.flatMap((item, index) => [`${name}[${index}]:`, ...renderMembers("", item)]);
  }
  const columns = [...new Set(objects.flatMap((item) => Object.keys(item)))];
  const rows = objects.map(
    (item) => `- ${columns.map((column) => renderCell(item[column] ?? null)).join(" | ")}`,
  );
  return [`${name} (${columns.join(" | ")}):`, ...rows];
}

function hasBlock(item: JsonObject): boolean {
  return Object.entries(item).some(([key, value]) => typeof value === "string" && isBlock(key, value));
}

function renderCell(value: Json): string {
  return typeof value === "string" && !value.includes("|") ? renderScalar(value) : JSON.stringify(value);
}

// Quoted when its ends could not be seen, or when it looks quoted itself.
function renderScalar(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const isPlain = /^\S(?:[^\n]*\S)?$/u.test(value) && !/^".*"$/.test(value);
  return isPlain ? value : JSON.stringify(value);
}
