// Work that is done in a guest and on the host, to compare them.

export interface Workload {
  /** `--only` takes it, and the script has a function for it. */
  readonly name: string;
  readonly title: string;
  /** Highest ratio of guest to host; undefined: only watched. */
  readonly goal: number | undefined;
}

export const WORKLOADS: readonly Workload[] = [
  { name: "python-loop", title: "Python loop, 3 million rounds", goal: 1.4 },
  { name: "process-starts", title: "200 × /bin/true from a shell", goal: undefined },
  { name: "find", title: "find /usr of the environment, first time", goal: undefined },
  { name: "find-again", title: "find /usr of the environment, again", goal: undefined },
  { name: "git-add", title: "git add -A of Python's library", goal: undefined },
  { name: "git-status", title: "git status there", goal: undefined },
  { name: "untar", title: "unpacking 10,000 files with tar", goal: undefined },
];
