// A repository to clone, of one test.

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { HOST_ENV, runProcess } from "../../../../src/platform/processes.js";
import { makeTempDirectory } from "../../helpers/temp-directory.js";

export class Origin {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  /** With one commit on `main`. */
  static async create(...initFlags: string[]): Promise<Origin> {
    const origin = new Origin(await makeTempDirectory());
    await origin.git("init", "--quiet", "--initial-branch=main", ...initFlags);
    await origin.commit("first");
    return origin;
  }

  /** A commit whose one file says `text`; its id. */
  async commit(text: string): Promise<string> {
    await writeFile(path.join(this.directory, "file.txt"), `${text}\n`);
    await this.git("add", "--all");
    await this.git("commit", "--quiet", `--message=${text}`);
    return this.git("rev-parse", "HEAD");
  }

  async git(...args: string[]): Promise<string> {
    const name = { NAME: "Test", EMAIL: "test@example.com" };
    const env = {
      ...HOST_ENV,
      GIT_CONFIG_GLOBAL: "/dev/null",
      ...Object.fromEntries(
        Object.entries(name).flatMap(([key, value]) => [
          [`GIT_AUTHOR_${key}`, value],
          [`GIT_COMMITTER_${key}`, value],
        ]),
      ),
    };
    const { exitCode, stdout, stderr } = await runProcess(["git", ...args], { cwd: this.directory, env });
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.trim();
  }
}
