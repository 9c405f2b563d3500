// The script that does the work, the same on both sides, and what it prints.
//
// Both sides work on the same files: the host on the environment's tree where it is installed, the guest on its own
// root, which is that tree.

/** `sh -c WORK_SCRIPT sh DIRECTORY TREE WORKLOAD...`: works in DIRECTORY, which it makes; TREE is a root file system. */
export const WORK_SCRIPT = String.raw`
set -eu
directory=$1 tree=$2
shift 2
mkdir -p "$directory"
cd "$directory"
# Nothing of the user's own git configuration.
export HOME="$directory" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C PYTHONDONTWRITEBYTECODE=1

now() { date +%s%N; }
# Starting date costs time itself, more in a guest: the least of some empty measurements is taken off.
overhead=1000000000
for _ in 1 2 3 4 5 6 7 8; do
  begin=$(now); end=$(now)
  [ $((end - begin)) -ge $overhead ] || overhead=$((end - begin))
done
# timed NAME ROUNDS COMMAND: prints the nanoseconds of one of ROUNDS rounds.
timed() {
  name=$1 rounds=$2
  shift 2
  begin=$(now)
  round=0
  while [ $round -lt "$rounds" ]; do "$@" > /dev/null; round=$((round + 1)); done
  end=$(now)
  echo "$name $(((end - begin - overhead) / rounds))"
}
has() {
  command -v "$2" > /dev/null && return
  echo "$1 missing $2"
  return 1
}
has_repository() {
  has "$1" git || return 1
  for library in "$tree"/usr/lib/python3.*; do [ ! -d "$library" ] || return 0; done
  echo "$1 missing Python library"
  return 1
}

loop() { python3 -c 'x = 0
for i in range(3000000): x += i'; }
starts() { i=0; while [ $i -lt 200 ]; do /bin/true; i=$((i + 1)); done; }
walk() { find "$tree/usr" | wc -l; }
add() { git -C repository add -A; }
status() { git -C repository status; }
unpack() { tar xf files.tar; }

repository() {
  [ ! -d repository ] || return 0
  mkdir repository
  cp -r "$tree"/usr/lib/python3.* repository/
  find repository -name __pycache__ -prune -exec rm -r {} +
  git -c init.defaultBranch=main -C repository init -q
}
archive() {
  body=$(head -c 6500 /dev/zero | tr '\0' x)
  for i in 0 1 2 3 4 5 6 7 8 9; do for j in 0 1 2 3 4 5 6 7 8 9; do
    mkdir -p "files/$i/$j"
    for k in 0 1 2 3 4 5 6 7 8 9; do for l in 0 1 2 3 4 5 6 7 8 9; do
      printf %s "$body" > "files/$i/$j/$k$l"
    done; done
  done; done
  tar cf files.tar files
  rm -r files
}

for workload; do
  case $workload in
    python-loop) ! has "$workload" python3 || timed "$workload" 1 loop ;;
    process-starts) timed "$workload" 1 starts ;;
    find) ! has "$workload" find || timed "$workload" 1 walk ;;
    find-again) ! has "$workload" find || { walk > /dev/null; timed "$workload" 1 walk; } ;;
    git-add) ! has_repository "$workload" || { repository; timed "$workload" 1 add; } ;;
    git-status) ! has_repository "$workload" || { repository; add; timed "$workload" 5 status; } ;;
    untar) ! has "$workload" tar || { archive; timed "$workload" 1 unpack; } ;;
  esac
done
`;

export interface WorkTimes {
  /** Milliseconds, by workload. */
  readonly durationsMs: ReadonlyMap<string, number>;
  /** What was missing, by workload. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Parses what the script printed. */
export function parseWorkTimes(output: string): WorkTimes {
  const durationsMs = new Map<string, number>();
  const missing = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [name, figure, ...rest] = line.split(" ");
    if (name === undefined || figure === undefined) continue;
    if (figure === "missing") missing.set(name, rest.join(" "));
    else if (/^-?\d+$/.test(figure)) durationsMs.set(name, Number(figure) / 1e6);
  }
  return { durationsMs, missing };
}
