import { describe, expect, test } from "vitest";
import {
  hideCredentials,
  parseRepositoryRef,
  parseRepositoryUrl,
} from "../../../../src/mcp/project-source/repository-url.js";

describe("a repository may be at", () => {
  test.each([
    "https://example.com/a/b.git",
    "HTTPS://example.com/a",
    "ssh://git@example.com:2222/a/b.git",
    "git@example.com:a/b.git",
    "example.com:a/b.git",
    "file:///srv/git/a.git",
  ])("%s", (url) => expect(parseRepositoryUrl(url)).toBe(url));

  test("a path, which becomes a URL", () => {
    expect(parseRepositoryUrl("/srv/my repo".replace(" ", "-"))).toBe("file:///srv/my-repo");
  });
});

describe("a repository may not be at", () => {
  test.each([
    "ext::sh -c 'touch /tmp/pwned'",
    "ext::sh",
    "fd::17",
    "remote-ext::x",
    "git://example.com/a",
    "http://example.com/a",
    "ftp://example.com/a",
    "--upload-pack=touch /tmp/pwned",
    "-oProxyCommand=x",
    "https://example.com/a\nb",
    "just-a-name",
    "",
  ])("%j", (url) => {
    expect(() => parseRepositoryUrl(url)).toThrow(expect.objectContaining({ code: "invalid_input" }));
  });

  test("and its password is not shown", () => {
    expect(() => parseRepositoryUrl("http://me:secret@example.com/a")).toThrow(/^(?!.*secret).*example\.com/);
  });
});

test.each([
  "main",
  "v1.2.3",
  "feature/a-b_c",
  "refs/heads/x",
  "0123456789abcdef0123456789abcdef01234567",
  "a@1",
  "#7",
])("%j may be a ref", (ref) => expect(parseRepositoryRef(ref)).toBe(ref));

test.each(["--upload-pack=x", "-x", "a b", "a..b", "a\nb", "main^{}", "a:b", "*", "", "x/"])(
  "%j may be none",
  (ref) => expect(() => parseRepositoryRef(ref)).toThrow(expect.objectContaining({ code: "invalid_input" })),
);

test.each([
  ["https://me:secret@example.com/a@b", "https://example.com/a@b"],
  ["https://token@example.com/a", "https://example.com/a"],
  ["https://example.com/a", "https://example.com/a"],
  ["git@example.com:a", "git@example.com:a"],
])("%s is shown as %s", (url, shown) => expect(hideCredentials(url)).toBe(shown));
