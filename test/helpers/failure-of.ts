// How a call was rejected.

import { PyroError } from "../../src/contract/errors.js";

/** Its error; anything but a PyroError fails the test, a success too. */
export async function failureOf(promise: Promise<unknown>): Promise<PyroError> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof PyroError) return thrown;
  throw new Error(`no PyroError: ${String(thrown)}`, { cause: thrown });
}
