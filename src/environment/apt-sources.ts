// Parsers of apt's source lists: sources.list(5), one-line style and deb822 style.

export interface AptSource {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Path of a keyring, a key's fingerprint or a whole key; undefined when apt's own trust applies. */
  readonly signedBy: string | undefined;
  readonly enabled: boolean;
}

/** Reads a `.list` file. Lines that are no source are left out. */
export function parseOneLineSources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const rawLine of text.split("\n")) {
    const line = rawLine.replace(/#.*/, "").trim();
    const match = /^(deb|deb-src)\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)(?:\s+(.+))?$/.exec(line);
    if (!match) continue;
    const [, type = "", options = "", uri = "", suite = "", components = ""] = match;
    sources.push({
      types: [type],
      uris: [uri],
      suites: [suite],
      components: words(components),
      signedBy: /(?:^|\s)signed-by\s*=\s*(\S+)/i.exec(options)?.[1],
      enabled: true,
    });
  }
  return sources;
}

/** Reads a `.sources` file. Paragraphs that are no source are left out. */
export function parseDeb822Sources(text: string): AptSource[] {
  const sources: AptSource[] = [];
  for (const paragraph of text.split(/\n[ \t]*\n/)) {
    const fields = parseFields(paragraph);
    const types = words(fields.get("types"));
    const uris = words(fields.get("uris"));
    const suites = words(fields.get("suites"));
    if (types.length === 0 || uris.length === 0 || suites.length === 0) continue;
    sources.push({
      types,
      uris,
      suites,
      components: words(fields.get("components")),
      signedBy: fields.get("signed-by"),
      enabled: !/^(no|false|off|without|disable|0)$/i.test(fields.get("enabled") ?? ""),
    });
  }
  return sources;
}

/** The fields of a paragraph by lower-case name; lines that begin with white space go on with the field before. */
function parseFields(paragraph: string): Map<string, string> {
  const fields = new Map<string, string>();
  let current: string | undefined;
  for (const line of paragraph.split("\n")) {
    if (line.startsWith("#")) continue;
    const match = /^([A-Za-z0-9-]+):(.*)$/.exec(line);
    if (match) {
      current = (match[1] ?? "").toLowerCase();
      fields.set(current, (match[2] ?? "").trim());
    } else if (current !== undefined && /^\s/.test(line)) {
      fields.set(current, `${fields.get(current) ?? ""}\n${line.trim()}`.trim());
    }
  }
  return fields;
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter((word) => word !== "");
}
