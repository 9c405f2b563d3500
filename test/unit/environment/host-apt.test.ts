import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { formatDownloadSettings, readAptSources } from "../../../src/environment/host-apt.js";
import { makeTempDirectory } from "../helpers/temp-directory.js";

test("all source lists of the host are read, whatever their style", async () => {
  const aptDir = await makeTempDirectory();
  await mkdir(path.join(aptDir, "sources.list.d"));
  await writeFile(path.join(aptDir, "sources.list"), "deb http://one.example/debian bookworm main\n");
  const parts = path.join(aptDir, "sources.list.d");
  await writeFile(
    path.join(parts, "b.sources"),
    "Types: deb\nURIs: http://two.example\nSuites: s\nComponents: main\n",
  );
  await writeFile(path.join(parts, "a.list"), "deb http://three.example s main\n");
  await writeFile(path.join(parts, "c.list.bak"), "deb http://not.example s main\n");
  const uris = (await readAptSources(aptDir)).flatMap((source) => source.uris);
  expect(uris).toEqual(["http://one.example/debian", "http://three.example", "http://two.example"]);
});

test("a host without apt has no sources", async () => {
  expect(await readAptSources(path.join(await makeTempDirectory(), "none"))).toEqual([]);
});

test("proxies and time-outs are passed on, everything else is not", () => {
  const dump = [
    "Acquire=",
    "Acquire::Retries=5",
    "Acquire::http::Proxy=http://proxy.example:3128/",
    "Acquire::http::Proxy::deb.debian.org=DIRECT",
    "Acquire::https::Timeout=9",
    "Acquire::http::User-Agent=secret",
    "Acquire::Languages::=none",
    "APT::Install-Recommends=1",
    'Acquire::http::Bad=with "quotes"',
    "",
  ].join("\n");
  expect(formatDownloadSettings(dump).split("\n")).toEqual([
    'Acquire::Retries "5";',
    'Acquire::http::Proxy "http://proxy.example:3128/";',
    'Acquire::http::Proxy::deb.debian.org "DIRECT";',
    'Acquire::https::Timeout "9";',
    "",
  ]);
});
