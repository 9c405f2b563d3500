import { expect, test } from "vitest";
import type { AptSource } from "../../../src/environment/apt-sources.js";
import { chooseMirrors, defaultMirrors, formatMirror } from "../../../src/environment/debian-mirrors.js";

function source(overrides: Partial<AptSource>): AptSource {
  return {
    types: ["deb"],
    uris: ["http://mirror.example/debian"],
    suites: ["bookworm"],
    components: ["main"],
    signedBy: undefined,
    enabled: true,
    ...overrides,
  };
}

test("a host without Debian sources of the release uses Debian's own archives", () => {
  const foreign = [source({ suites: ["trixie"] }), source({ uris: ["http://archive.ubuntu.com/ubuntu"] })];
  expect(chooseMirrors("bookworm", [])).toEqual(defaultMirrors("bookworm"));
  expect(chooseMirrors("bookworm", foreign)).toEqual(defaultMirrors("bookworm"));
});

test("the host's own mirrors are used for the suites that they have", () => {
  const host = [
    source({ suites: ["bookworm", "bookworm-updates"], components: ["main", "non-free"] }),
    source({ uris: ["http://security.debian.org"], suites: ["bookworm-security"] }),
  ];
  expect(chooseMirrors("bookworm", host)).toEqual([
    { uri: "http://mirror.example/debian", suite: "bookworm" },
    { uri: "http://mirror.example/debian", suite: "bookworm-updates" },
    { uri: "http://security.debian.org", suite: "bookworm-security" },
  ]);
  const [first, , security] = chooseMirrors("bookworm", [source({})]);
  expect(first?.uri).toBe("http://mirror.example/debian");
  expect(security?.uri).toBe("http://deb.debian.org/debian-security");
});

test.each([
  ["disabled", source({ enabled: false })],
  ["source packages", source({ types: ["deb-src"] })],
  ["another component", source({ components: ["stable"] })],
  ["another vendor's key", source({ signedBy: "/usr/share/keyrings/vendor.gpg" })],
  ["another vendor's path", source({ uris: ["https://packages.sury.org/php"] })],
  ["a local copy", source({ uris: ["file:/srv/debian"] })],
  ["an address that is none", source({ uris: ["http://[/debian"] })],
])("an entry is left out: %s", (_, entry) => {
  expect(chooseMirrors("bookworm", [entry])).toEqual(defaultMirrors("bookworm"));
});

test("a mirror is shown without its password", () => {
  const mirror = { uri: "https://user:secret@mirror.example:8080/debian?token=1", suite: "bookworm" };
  expect(formatMirror(mirror)).toBe("https://mirror.example:8080/debian bookworm");
});
