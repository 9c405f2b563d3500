// References to images carry no credentials: they are shown, recorded and logged.

import { PyroError } from "./errors.js";

/** An `@` that no digest follows; after `/` or `.` it is a path. */
const CREDENTIALS = /^(?![/.])[^@]*@(?!sha256:)/;

/** Throws invalid_input, without the text, when `text` looks as if it held a user and a password. */
export function refuseCredentials(text: string): void {
  if (!CREDENTIALS.test(text)) return;
  throw new PyroError("invalid_input", "what names an image has an `@` that no digest follows", {
    hint: "Credentials do not belong there: log in with `docker login HOST`. A directory begins with `./` or `/`.",
  });
}
