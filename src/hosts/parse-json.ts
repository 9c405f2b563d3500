// JSON that another program printed.

/** Undefined when the text is no JSON: what a program printed instead is its error. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
