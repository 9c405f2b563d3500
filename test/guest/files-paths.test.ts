// Paths of a real guest that leave the workspace, by their text, by links, and by links that change all the time.

import { beforeAll, describe, expect, test } from "vitest";
import { useGuestFiles, write } from "../helpers/use-guest-files.js";

const guest = useGuestFiles();

describe("paths that leave the workspace are refused:", () => {
  beforeAll(async () => {
    await guest()
      .sh(`mkdir -p /workspace/links/real /outside && cd /workspace/links && echo secret > /outside/file
      ln -s /outside out; ln -s /outside/file file; ln -s ../../outside up; ln -s /proc/self/root/outside magic
      ln -s /workspace/links/real in; ln -s /workspace/links/real/x hole; echo inside > real/file`);
  });

  test.each(["links/out/file", "links/file", "links/up/file", "links/magic/file"])("%s", async (path) => {
    const refused = { code: "path_outside_workspace", details: { path } };
    await expect(guest().files.read(path, { offset: 0, maxBytes: 9 })).rejects.toMatchObject(refused);
    await expect(guest().files.apply([write(path, "x")])).rejects.toMatchObject(refused);
    await expect(guest().files.apply([{ kind: "set_mode", path, mode: 0o777 }])).rejects.toMatchObject(
      refused,
    );
    expect(await guest().sh("cat /outside/file; stat -c %a /outside/file")).toBe("secret\n644");
  });

  test.each(["/etc/passwd", "../etc/passwd", "a/../../etc", "a//b", "a\0b", "x".repeat(4096)])(
    "%j",
    async (path) => {
      await expect(guest().files.read(path, { offset: 0, maxBytes: 9 })).rejects.toMatchObject({
        code: "invalid_input",
      });
      await expect(guest().files.apply([write(path, "x")])).rejects.toMatchObject({ code: "invalid_input" });
    },
  );

  test("links that stay inside are not", async () => {
    expect(await guest().readText("links/in/file")).toBe("inside\n");
    await guest().files.apply([write("links/in/file", "changed"), write("links/hole", "made")]);
    expect(await guest().sh("cat /workspace/links/real/file /workspace/links/real/x")).toBe("changedmade");
    await expect(guest().files.walk({ path: "links/none", recursive: true })).rejects.toMatchObject({
      code: "path_not_found",
    });
  });

  test("links that a program swaps all the time", async () => {
    await guest().sh(
      "mkdir -p /workspace/swap/d && cd /workspace/swap && echo inside > d/file && ln -s /outside e",
    );
    const abort = new AbortController();
    const script =
      'chdir "/workspace/swap"; while (1) { rename "d","t"; rename "e","d"; rename "t","e"; rename "d","t"; rename "e","d"; rename "t","e" }';
    const swapping = guest().machine.agent.exec(
      { argv: ["perl", "-e", script] },
      () => undefined,
      abort.signal,
    );
    for (let round = 0; round < 150; round++) {
      for (const path of ["swap/d/file", "swap/e/file"]) {
        expect(
          await guest()
            .readText(path)
            .catch(() => "refused"),
        ).not.toContain("secret");
        for (const change of [
          write(path, "inside"),
          { kind: "set_mode", path, mode: 0o777 } as const,
          { kind: "remove", path } as const,
        ]) {
          await guest()
            .files.apply([change])
            .catch(() => undefined);
        }
      }
    }
    abort.abort();
    await swapping.catch(() => undefined);
    expect(await guest().sh("cat /outside/file; stat -c %a /outside/file; ls -A /outside")).toBe(
      "secret\n644\nfile",
    );
  });
});
