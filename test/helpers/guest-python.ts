// Python programs as shell scripts: of any length, unlike an argument.

export function python(program: string, ...args: readonly (string | number)[]): string {
  return `python3 - ${args.join(" ")} <<'END'\n${program}\nEND\n`;
}
