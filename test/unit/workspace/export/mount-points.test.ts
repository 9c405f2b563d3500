import { expect, test } from "vitest";
import { parseMountPoints, readMountPoints } from "../../../../src/workspace/export/mount-points.js";

const MOUNTINFO = `22 28 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw
36 35 98:0 /mnt1 /mnt/with\\040blank\\011tab rw,noatime master:1 - ext3 /dev/root rw,errors=continue
37 35 98:0 / /mnt/back\\134slash rw - ext3 /dev/root rw
`;

test("mount points are read with their blanks, tabs and backslashes", () => {
  expect(parseMountPoints(MOUNTINFO)).toEqual(["/sys", "/mnt/with blank\ttab", "/mnt/back\\slash"]);
});

test("this host has a root", async () => {
  expect(await readMountPoints()).toContain("/");
});
