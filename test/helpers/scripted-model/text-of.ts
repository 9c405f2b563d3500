// The text of a result's content, in the forms that the protocols have for it.

import { z } from "zod";

const Text = z.object({ text: z.string() });

/** What is no text is shown as the JSON that it came as. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = z.array(z.unknown()).safeParse(content).data ?? [content];
  return parts.map((part) => Text.safeParse(part).data?.text ?? JSON.stringify(part)).join("\n");
}
