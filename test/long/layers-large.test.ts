// Layers of many files and many bytes, and of a tree that was worked on at random.

import path from "node:path";
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { formatLayerId } from "../../src/contract/ids.js";
import { execText } from "../helpers/exec-text.js";
import { python } from "../helpers/guest-python.js";
import { writeLayerTar } from "../helpers/layer-tar.js";
import { useEngine } from "../helpers/use-engine.js";

const opened = useEngine();
const SUM_TREE = `cd /workspace; find . -print0 | LC_ALL=C sort -z | sha256sum; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
find . ! -type d -printf '%y %m %U:%G %s %n %l %p\\0' | LC_ALL=C sort -z | sha256sum; find . -type d -printf '%m %p\\0' | LC_ALL=C sort -z | sha256sum`;

const MAKE_FILES = `
import os
block = os.urandom(1 << 20)
for i in range(50_000):
    directory = f"/workspace/{i // 500}"
    os.makedirs(directory, exist_ok=True)
    at = (i * 7919) % (len(block) - 16_000)
    with open(f"{directory}/{i}", "wb") as file: file.write(block[at:at + 16_000])
`;

/** Every kind of change, in a tree that it knows; the same for the same seed. */
const WORK = `
import os, random, sys
random.seed(int(sys.argv[1]))
os.makedirs("/workspace", exist_ok=True)
os.chdir("/workspace")
def pick(kinds):
    found = [os.path.join(top, name) for top, dirs, files in os.walk(".") for name in (dirs if kinds == "d" else files)]
    return random.choice(found) if found else None
fresh = 0
for step in range(int(sys.argv[2])):
    act = random.choice("create create create mkdir append truncate chmod chown rename link symlink unlink rmtree hole xattr".split())
    fresh += 1
    parent = pick("d") or "."
    new = os.path.join(parent, f"n{fresh}")
    old = pick("f")
    try:
        if act == "create": open(new, "wb").write(os.urandom(random.choice([0, 1, 4095, 4096, 4097, 100_000])))
        elif act == "mkdir": os.mkdir(new)
        elif act == "symlink": os.symlink(random.choice(["/etc/passwd", "nowhere", "..", "x" * 300]), new)
        elif old is None: continue
        elif act == "append": open(old, "ab").write(os.urandom(random.randrange(10_000)))
        elif act == "truncate": os.truncate(old, random.randrange(20_000))
        elif act == "hole": os.truncate(old, random.randrange(2_000_000))
        elif act == "chmod": os.chmod(old, random.randrange(0o10000))
        elif act == "chown": os.chown(old, random.randrange(70_000), random.randrange(70_000))
        elif act == "rename": os.rename(old, new)
        elif act == "link": os.link(old, new)
        elif act == "unlink": os.unlink(old)
        elif act == "xattr": os.setxattr(old, "user.key", b"value")
        elif act == "rmtree" and step % 20 == 0: __import__("shutil").rmtree(parent if parent != "." else old, ignore_errors=True)
    except OSError as error:
        if error.errno not in (2, 17, 20, 21, 36, 39, 40): raise
`;

test("50,000 files and 800 MB are captured, and a guest on the capture has them all", async () => {
  const { layers, start } = opened();
  const machine = await start();
  await execText(machine.agent, python(MAKE_FILES));
  const before = await execText(machine.agent, SUM_TREE);
  const layer = await layers.capture(machine, "large");
  expect(layer.sizeBytes).toBeGreaterThan(800_000_000);
  await machine.remove();
  const copy = await start(await layers.open(layer.id));
  await copy.loaded;
  expect(await execText(copy.agent, SUM_TREE)).toBe(before);
});

test("a tar of 10,000 files and 65 MB, its capture, and the capture of that", async () => {
  const { layers, pyro, start } = opened();
  const file = path.join(pyro.directory, "seed.tar");
  const content = randomBytes(20_000);
  const entries = Array.from({ length: 10_000 }, (_each, index) => ({
    path: `workspace/${index % 97}/${index}`,
    type: "file" as const,
    content: content.subarray(index, index + 6_500),
  }));
  await writeLayerTar(file, entries);
  let machine = await start({ id: formatLayerId(randomBytes(16)), kind: "tar", path: file });
  const before = await execText(machine.agent, SUM_TREE);
  for (let round = 0; round < 2; round++) {
    const layer = await layers.capture(machine, "seed");
    await machine.remove();
    machine = await start(await layers.open(layer.id));
    await machine.loaded;
    expect(await execText(machine.agent, SUM_TREE)).toBe(before);
  }
});

test.each([1, 2, 3, 4, 5])(
  "work at random (%i): captured in the middle, and what is there at the end is kept",
  async (seed) => {
    const { layers, start } = opened();
    let machine = await start();
    for (let round = 0; round < 3; round++) {
      const working = execText(machine.agent, python(WORK, seed * 10 + round, 600));
      // Whatever moment it is: a guest starts on it.
      const middle = await layers.capture(machine, "middle");
      const glimpse = await start(await layers.open(middle.id));
      await glimpse.loaded;
      await execText(glimpse.agent, `${SUM_TREE} || [ ! -e /workspace ]`);
      await glimpse.remove();
      await working;
      const before = await execText(machine.agent, SUM_TREE);
      const layer = await layers.capture(machine, "end");
      await machine.remove();
      machine = await start(await layers.open(layer.id));
      await machine.loaded;
      expect(await execText(machine.agent, SUM_TREE)).toBe(before);
    }
  },
);
