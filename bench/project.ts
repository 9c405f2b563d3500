// Projects that the workspace scenarios seed from: Git repositories of a given size, below a temporary directory.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { HOST_ENV, runProcess } from "../src/platform/processes.js";

export interface ProjectSize {
  readonly fileCount: number;
  readonly totalBytes: number;
}

/** The one that the goals are about. */
export const LARGE: ProjectSize = { fileCount: 10_000, totalBytes: 65_000_000 };
export const SMALL: ProjectSize = { fileCount: 200, totalBytes: 800_000 };

const FILES_PER_DIRECTORY = 25;
const LINE_BYTES = 64;

export class BenchProject implements AsyncDisposable {
  readonly directory: string;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.directory = path.join(root, "project");
  }

  /** A repository with one commit and a clean working tree. */
  static async create({ fileCount, totalBytes }: ProjectSize): Promise<BenchProject> {
    const project = new BenchProject(await mkdtemp(path.join(tmpdir(), "pyro-bench-project-")));
    const lines = Math.floor(totalBytes / fileCount / LINE_BYTES);
    for (let index = 0; index < fileCount; index++) {
      await project.write(index, lines);
    }
    for (const args of [
      ["init", "--quiet", "--initial-branch=main"],
      ["add", "--all"],
      ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "--message=bench"],
      // As a clone has its objects.
      ["repack", "-a", "-d", "--quiet"],
    ]) {
      await project.#git(args);
    }
    return project;
  }

  /** Name of file number `index`, relative to the project. */
  static nameOf(index: number): string {
    return path.join(`dir-${Math.floor(index / FILES_PER_DIRECTORY)}`, `file-${index}.txt`);
  }

  /** Writes file number `index` anew; `version` makes its content another one of the same size. */
  async write(index: number, lines: number, version = 0): Promise<void> {
    const file = path.join(this.directory, BenchProject.nameOf(index));
    await mkdir(path.dirname(file), { recursive: true });
    const content = Array.from({ length: lines }, (_, line) =>
      `${version} ${index} ${line} ${(index * 2654435761 + line * 40503).toString(36)}`.padEnd(
        LINE_BYTES - 1,
        "x",
      ),
    );
    await writeFile(file, `${content.join("\n")}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  async #git(args: readonly string[]): Promise<void> {
    const env = { ...HOST_ENV, HOME: this.#root, GIT_CONFIG_NOSYSTEM: "1" };
    const { exitCode, stderr } = await runProcess(["git", "-C", this.directory, ...args], { env });
    if (exitCode !== 0) throw new Error(`git ${args[0] ?? ""} failed: ${stderr}`);
  }
}
