import { expect, test } from "vitest";
import { parseDeb822Sources, parseOneLineSources } from "../../../src/environment/apt-sources.js";

test("a one-line source is read with its options, comments are not", () => {
  const text = `
# deb http://old.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://deb.debian.org/debian bookworm main contrib # trailing
deb-src http://deb.debian.org/debian bookworm main
deb\thttp://flat.example/repo ./
not a source`;
  expect(parseOneLineSources(text)).toEqual([
    {
      types: ["deb"],
      uris: ["http://deb.debian.org/debian"],
      suites: ["bookworm"],
      components: ["main", "contrib"],
      signedBy: "/k.gpg",
      enabled: true,
    },
    expect.objectContaining({ types: ["deb-src"], signedBy: undefined }),
    expect.objectContaining({ uris: ["http://flat.example/repo"], suites: ["./"], components: [] }),
  ]);
});

test("a deb822 paragraph is read with several values, comments and continuation lines", () => {
  const text = `Types: deb deb-src
# a comment inside
URIs: http://a.example/debian http://b.example/debian
suites: bookworm
 bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 abc

Types: deb
URIs: http://c.example
Suites: x/
Enabled: no
`;
  const [first, second, ...rest] = parseDeb822Sources(text);
  expect(first).toEqual({
    types: ["deb", "deb-src"],
    uris: ["http://a.example/debian", "http://b.example/debian"],
    suites: ["bookworm", "bookworm-updates"],
    components: ["main"],
    signedBy: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n.\nabc",
    enabled: true,
  });
  expect(second).toMatchObject({ suites: ["x/"], enabled: false });
  expect(rest).toEqual([]);
});

test("text that holds no source gives none", () => {
  expect(parseOneLineSources("")).toEqual([]);
  expect(parseDeb822Sources("\n\nTypes: deb\n\nURIs: http://a\n")).toEqual([]);
});
