// What runsc says of a start that failed, in its own words; the long ones as it prints them.

import { describe, expect, test } from "vitest";
import { toPyroError, PyroError } from "../../../../src/contract/errors.js";
import { formatLayerId } from "../../../../src/contract/ids.js";
import { explainByLayer } from "../../../../src/machine/gvisor/layer-failure.js";

const LAYER = { id: formatLayerId(new Uint8Array(16)), kind: "capture", path: "/layers/x" } as const;
const SETUP =
  "running container: starting container: starting root container: starting sandbox: failed to setupFS";
const OVERLAY = `${SETUP}: creating mount namespace: mounting root with overlay`;

function explain(said: string, layer: typeof LAYER | undefined = LAYER): PyroError {
  return toPyroError(explainByLayer(new PyroError("guest_start_failed", `runsc run failed: ${said}`), layer));
}

describe("a start that failed", () => {
  test.each([
    [`${OVERLAY}: failed to decode proto manifest: proto: cannot parse`, /failed to decode proto manifest/],
    [
      `${OVERLAY}: failed to get tar archive from filesystem checkpoint: tmpfs "/" has tar range [0, 9)`,
      /tar range/,
    ],
    [
      "running container: cannot create sandbox: failed to open filesystem checkpoint files: opening manifest file",
      /opening manifest file/,
    ],
    [
      "creating container: cannot create sandbox process: donating rootfs tar file: error opening file: open /x.tar",
      /rootfs tar file/,
    ],
    [
      "DisableDefaultSizeLimit:true SourceTar:0x13 SourceTarFSCheckpoint:false}} Locked:false}: failed to make file ./a/b",
      /: failed to make file \.\/a\/b$/,
    ],
  ])("for its layer: %s", (said, message) => {
    const error = explain(said);
    expect(error).toMatchObject({ code: "layer_damaged", details: { layer_id: LAYER.id } });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("Locked:");
  });

  test.each([
    "running container: cannot create sandbox: waiting for sandbox to start: EOF",
    `${OVERLAY}: failed to create memory file for overlay: no space left on device`,
    "failed to open filesystem checkpoint files: too many open files",
  ])("for another reason: %s", (said) => {
    expect(explain(said).code).toBe("guest_start_failed");
  });

  test("without a layer is no layer's fault", () => {
    const failure = new PyroError("guest_start_failed", OVERLAY);
    expect(explainByLayer(failure, undefined)).toBe(failure);
  });

  test("for want of time, or cancelled, is left as it is", () => {
    for (const failure of [new PyroError("guest_start_timeout", OVERLAY), new Error(OVERLAY)]) {
      expect(explainByLayer(failure, LAYER)).toBe(failure);
    }
  });
});
