// The screen of a shell: what its user sees of what was printed.

import fc from "fast-check";
import { expect, test } from "vitest";
import { Screen } from "../../../../src/workspace/shells/screen.js";

async function draw(...pieces: string[]): Promise<Screen> {
  const screen = await Screen.create(20, 5);
  for (const piece of pieces) await screen.draw(piece);
  return screen;
}

test("shows lines with their overwritten parts, and lines that were wrapped whole", async () => {
  const screen = await draw("10%\r50%\r100%\r\n", "\u001b[31mred\u001b[0m\r\n", "x".repeat(50), "\r\n$ ");
  expect(screen.show(0)).toEqual({
    text: `100%\nred\n${"x".repeat(50)}\n$ `,
    fullScreen: false,
    row: 5,
    column: 3,
  });
});

test("shows from a position on what has changed since, scrollback included", async () => {
  const screen = await draw("old\r\n$ ");
  screen.mark(7);
  await screen.draw("cmd\r\n");
  for (let line = 1; line <= 30; line++) await screen.draw(`line ${line}\r\n`);
  await screen.draw("$ ");
  expect(screen.show(7).text).toBe(
    ["$ cmd", ...Array.from({ length: 30 }, (_, index) => `line ${index + 1}`), "$ "].join("\n"),
  );
  screen.mark(300);
  expect(screen.show(300).text).toBe("");
  await screen.draw("\u001b[H\u001b[2Jcleared\r\n");
  expect(screen.show(300).text).toBe("cleared\n");
});

test("shows the whole screen of a full-screen program, and then what it has left", async () => {
  const screen = await draw("before\r\n$ ");
  screen.mark(10);
  await screen.draw("edit\r\n\u001b[?1049h\u001b[2J\u001b[1;1Htop\u001b[5;3Hend");
  screen.mark(40);
  expect(screen.show(40)).toEqual({ text: "top\n\n\n\n  end", fullScreen: true, row: 5, column: 6 });
  await screen.draw("\u001b[?1049ldone\r\n$ ");
  expect(screen.show(40)).toMatchObject({ text: "$ edit\ndone\n$ ", fullScreen: false });
});

test("answers what programs ask, and nothing that can hold a program's own text", async () => {
  const screen = await Screen.create(20, 5);
  expect(await screen.draw("\u001b[3;4H\u001b[6n\u001b[5n\u001b[c")).toBe("\u001b[3;4R\u001b[0n\u001b[?1;2c");
  expect(await screen.draw("\u001b]2;rm -rf\u0007\u001b[21t\u001bP$qm\u001b\\\u0005")).toBe("");
  expect((await screen.draw("\u001b[6n".repeat(5000))).length).toBeLessThanOrEqual(1024);
});

test("a count that a guest chooses costs no more than the screen is large", async () => {
  const huge = 2_147_483_647;
  const finals = Array.from("@ABCDEFGHIJKLMPSTXZ`abde")
    .map((final) => `x\u001b[${huge}${final}`)
    .join("");
  const screen = await draw(...Array.from({ length: 20 }, () => finals));
  await screen.draw(`a${"\u0301".repeat(100_000)}`);
  for (let index = 0; index < 200; index++) await screen.draw("\u0301");
  expect(screen.show(0).text.length).toBeLessThan(100_000);
});

test("whatever is printed, something can be shown", async () => {
  const parts = fc.constantFrom(
    "\u001b[",
    "\u001b]",
    "\u001b#8",
    "?1049h",
    "?1049l",
    "99r",
    "\r\n",
    "L",
    "m",
    "☃",
    "\u0018",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(parts, fc.string({ unit: "binary" }))), async (pieces) => {
      const screen = await draw(...pieces);
      screen.mark(pieces.length);
      screen.resize(10, 3);
      await screen.draw("\u0018\u001b[?1049lok");
      expect(screen.show(pieces.length).text.length).toBeLessThan(1_000_000);
      screen.dispose();
    }),
    { numRuns: 40 },
  );
});
