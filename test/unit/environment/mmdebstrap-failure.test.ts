import { expect, test } from "vitest";
import { explainMmdebstrapFailure } from "../../../src/environment/mmdebstrap-failure.js";

const MIRROR_DOWN = `I: running apt-get update...
Err:1 http://127.0.0.1:9/debian bookworm InRelease
  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)
E: Failed to fetch http://127.0.0.1:9/debian/dists/bookworm/InRelease  Unable to connect to 127.0.0.1:9:
E: Some index files failed to download. They have been ignored, or old ones used instead.
E: apt-get update --error-on=any -oAPT::Status-Fd=<$fd> -oDpkg::Use-Pty=false failed
E: mmdebstrap failed to run
tar: This does not look like a tar archive
tar: Exiting with failure status due to previous errors
`;

test("a mirror that is down is named, with what apt said", () => {
  const error = explainMmdebstrapFailure(MIRROR_DOWN);
  expect(error.code).toBe("source_unavailable");
  expect(error.message).toContain("Failed to fetch http://127.0.0.1:9/debian");
  expect(error.details["output"]).toEqual([
    "Err:1 http://127.0.0.1:9/debian bookworm InRelease",
    "E: Failed to fetch http://127.0.0.1:9/debian/dists/bookworm/InRelease  Unable to connect to 127.0.0.1:9:",
  ]);
});

test.each([
  ["tar: ./usr/bin/perl: Cannot write: No space left on device", "out_of_disk"],
  ["E: You don't have enough free space in /var/cache/apt/archives/.", "out_of_disk"],
  ["E: Write error - write (122: Disk quota exceeded)", "out_of_disk"],
  ["unshare: unshare failed: No space left on device", "source_unavailable"],
  ["unshare: write failed /proc/self/uid_map: Operation not permitted", "source_unavailable"],
  ["newuidmap: uid range [0-1) -> [1000-1001) not allowed", "source_unavailable"],
  ["E: The repository is not signed.", "source_unavailable"],
  ["", "source_unavailable"],
])("%s", (output, code) => {
  expect(explainMmdebstrapFailure(output).code).toBe(code);
});

test("a host without user namespaces is told apart from a full disk", () => {
  const error = explainMmdebstrapFailure("unshare: unshare failed: No space left on device");
  expect(error.message).toContain("namespaces");
});

test("a mount that mmdebstrap does without is not taken for the reason", () => {
  const harmless = "mount: /tmp/mmdebstrap.x/sys: permission denied.\nE: Unable to locate package nonesuch\n";
  expect(explainMmdebstrapFailure(harmless).message).toContain("Unable to locate package nonesuch");
});

test("a user without subordinate ids gets the one command that cures it", () => {
  const error = explainMmdebstrapFailure('unshare: no line matching user "u" in /etc/subuid');
  expect(error.hint).toContain("usermod --add-subuids");
});
