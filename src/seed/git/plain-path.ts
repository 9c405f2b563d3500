// Paths out of a repository's files: somebody else wrote them.

/** Whether it leads to something below the directory that it starts from, and to no repository's own files. */
export function isPlainPath(path: string): boolean {
  return path !== "" && !/(^|\/)(\.{0,2}|\.git)(\/|$)|\0/i.test(path);
}
