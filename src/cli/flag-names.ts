// Operations are told of by their fields; who reads help knows their flags.

import type { z } from "zod";
import type { CliBinding } from "../operations/operation.js";
import { listFlagFields } from "./binding.js";
import { listFields } from "./fields.js";
import { toOption } from "./flags.js";

/** `text` with the flag in place of each field between backticks: `--no-newline` for `append_newline: false`. */
export function nameFlags(text: string, input: z.ZodObject, cli: CliBinding): string {
  let named = text;
  for (const field of listFlagFields(listFields(input), cli)) {
    const spelling = field.default === true ? `${field.name}: false` : field.name;
    named = named.replaceAll(`\`${spelling}\``, `\`${toOption(field, cli).long ?? field.name}\``);
  }
  return named;
}
