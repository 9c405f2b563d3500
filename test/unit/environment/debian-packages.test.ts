import { expect, test } from "vitest";
import { parseDpkgStatus } from "../../../src/environment/debian-packages.js";

const STATUS = `Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.2.13.dfsg-1
Description: a library
 Package: not a field

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.134
`;

test("installed packages are listed with version and architecture", () => {
  expect(parseDpkgStatus(STATUS)).toEqual([
    { name: "zlib1g", version: "1:1.2.13.dfsg-1", architecture: "amd64" },
    { name: "adduser", version: "3.134", architecture: "all" },
  ]);
});

test("a tree without packages has none", () => {
  expect(parseDpkgStatus("")).toEqual([]);
});
