// How far mmdebstrap is, from what it prints: its own steps, and apt's and dpkg's lines for each package.

import type { PullProgress } from "./progress.js";

const STEPS: readonly (readonly [line: string, step: string])[] = [
  ["I: running apt-get update", "update"],
  ["I: downloading packages", "download"],
  ["I: extracting archives", "extract"],
  ["I: installing essential packages", "essential"],
  ["I: installing remaining packages", "packages"],
  ["I: cleaning package lists", "clean"],
  ["I: creating tarball", "copy"],
];

export class MmdebstrapProgress {
  #packages = 0;
  #settledPackages = 0;

  /** Takes one line of mmdebstrap's output; returns what is worth telling about it. */
  push(line: string): PullProgress | undefined {
    const step = STEPS.find(([start]) => line.startsWith(start))?.[1];
    if (step) return { phase: "install", fields: { step } };
    const announced = /^\d+ upgraded, (\d+) newly installed/.exec(line)?.[1];
    if (announced) this.#packages += Number(announced);
    if (line.startsWith("Setting up ")) return this.#count(++this.#settledPackages);
    // Signs of life in long downloads and unpacking.
    if (/^(Get:\d|Unpacking )/.test(line)) return this.#count(this.#settledPackages);
    return undefined;
  }

  #count(current: number): PullProgress {
    // Few packages are essential, and how many come after them is not known while they are installed.
    const total = Math.max(this.#packages, current);
    return { phase: "install", fields: {}, done: { current, total, unit: "packages" } };
  }
}
