// What a capture keeps of a file system, as root and as an ordinary user; and a capture of what was started on one.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askRounds } from "../helpers/layer-rounds.js";
import { buildTestProgram, type TestProgram } from "../helpers/test-program.js";
import { IDENTITIES, useGuests } from "../helpers/use-guests.js";

interface Kept {
  /** Done in an empty directory of its own. */
  readonly act: string;
  /** Asked there of the guest itself, and of the guests on its captures. */
  readonly ask: string;
  readonly answer: string;
}

const KEPT: Readonly<Record<string, Kept>> = {
  "files of the environment that were deleted": {
    act: "rm /etc/issue; rm -r /usr/share/doc",
    ask: "ls -d /etc/issue /usr/share/doc 2>/dev/null || echo gone",
    answer: "gone",
  },
  "directories of the environment that were made anew": {
    act: "rm -r /etc/skel /etc/cron.daily; mkdir /etc/skel /etc/cron.daily; echo mine > /etc/cron.daily/mine",
    ask: "ls -A /etc/skel; ls -A /etc/cron.daily",
    answer: "mine",
  },
  "changes to files of the environment": {
    act: "cp /etc/profile before; echo line >> /etc/profile; mv /etc/shells /etc/shells.old; chmod 640 /etc/fstab",
    ask: "tail -n 1 /etc/profile; cat before | cmp -n $(stat -c %s before) - /etc/profile && ls /etc/shells* && stat -c %a /etc/fstab",
    answer: "line\n/etc/shells.old\n640",
  },
  "hard links": {
    act: "echo linked > a; ln a b; mkdir c; ln a c/d",
    ask: "[ a -ef b ] && [ a -ef c/d ] && stat -c %h b && echo more >> a && cat c/d && echo linked > a",
    answer: "3\nlinked\nmore",
  },
  modes: {
    act: "for mode in 0 400 640 777 1777 2755 4755 6711; do touch $mode; chmod $mode $mode; done; mkdir -m 0 locked",
    ask: "stat -c '%n %a' *",
    answer: "0 0\n1777 1777\n2755 2755\n400 400\n4755 4755\n640 640\n6711 6711\n777 777\nlocked 0",
  },
  owners: {
    act: "touch file; mkdir directory; ln -s x link; chown -h 1000:1001 file link; chown 65534:65534 directory",
    ask: "stat -c '%n %u:%g' *",
    answer: "directory 65534:65534\nfile 1000:1001\nlink 1000:1001",
  },
  "a set-user-ID program": {
    act: "cp /usr/bin/id .; chmod 4755 id",
    ask: "setpriv --reuid=1000 --regid=1000 --clear-groups ./id -u",
    answer: "0",
  },
  "symbolic links": {
    act: "ln -s a relative; ln -s /etc/passwd absolute; ln -s nowhere/at/all dangling; ln -s . itself",
    ask: "for link in *; do readlink $link; done",
    answer: "/etc/passwd\nnowhere/at/all\n.\na",
  },
  "fifos and device nodes": {
    act: "mkfifo fifo; mknod null c 1 3",
    ask: "stat -c '%F' *; echo x > null; (echo through > fifo &) ; cat fifo",
    answer: "fifo\ncharacter special file\nthrough",
  },
  "what is empty": {
    act: "touch file; mkdir -p directory/deeper",
    ask: "find . -empty | sort",
    answer: "./directory/deeper\n./file",
  },
  "the holes of a sparse file": {
    act: "truncate -s 1G file; echo end | dd of=file bs=1 seek=1000000000 conv=notrunc 2>/dev/null",
    ask: "stat -c %s file; tail -c +1000000001 file | head -c 3; head -c 100000000 file | tr -d '\\0' | wc -c",
    answer: "1073741824\nend0",
  },
  "names that are no text": {
    act: String.raw`for name in '\377\376\200' 'line\nbreak' ' space " quote ' '-dash' '\001\033[31m'; do touch -- "$(printf -- "$name")"; done`,
    ask: "find . -type f -print0 | LC_ALL=C sort -z | od -An -c -v | tr -s ' \n' ' '",
    answer: String.raw` . / 001 033 [ 3 1 m \0 . / s p a c e " q u o t e \0 . / - d a s h \0 . / l i n e \n b r e a k \0 . / 377 376 200 \0 `,
  },
  "long names and deep paths": {
    act: "touch $(printf %0255d 0); for i in $(seq 60); do mkdir directory-$i; cd directory-$i; done; echo deep > file",
    ask: "ls | head -n 1 | wc -c; find . -name file -exec cat {} +; find . -name file | wc -c",
    answer: "256\ndeep\n778",
  },
  "an installed package": {
    act: String.raw`mkdir -p p/DEBIAN p/opt/pkg; echo '#!/bin/sh
      echo tool' > p/opt/pkg/tool; chmod 755 p/opt/pkg/tool
      printf 'Package: pyro-test\nVersion: 1\nArchitecture: all\nMaintainer: x <x@x>\nDescription: x\n' > p/DEBIAN/control
      dpkg-deb --build p p.deb && dpkg -i p.deb`,
    ask: "dpkg-query -W -f '${Status}\\n' pyro-test; dpkg -L pyro-test | tail -n 1; /opt/pkg/tool; dpkg --verify pyro-test",
    answer: "install ok installed\n/opt/pkg/tool\ntool",
  },
  "what is outside of /workspace": {
    act: "for directory in /tmp /var/tmp /run /root /home /srv; do echo $directory > $directory/mine; done",
    ask: "cat /tmp/mine /var/tmp/mine /run/mine /root/mine /home/mine /srv/mine",
    answer: "/tmp\n/var/tmp\n/run\n/root\n/home\n/srv",
  },
  "times, to the nearest second": {
    act: "touch -d '2001-02-03 04:05:06.499' a; touch -d '2001-02-03 04:05:06.501' b; ln -s x link; touch -h -d @1000 link; mkdir d; touch -d @2000 d",
    ask: "for file in *; do date -u -d @$(printf %.0f $(stat -c %.3Y $file)) +%s; done",
    answer: "981173106\n981173107\n2000\n1000",
  },
};

/** Everything but what guests differ in on purpose; of directories neither size nor links, which captures do not keep. */
const LIST_TREE = String.raw`find / \( -path /proc -o -path /sys -o -path /dev -o -path /run/pyro -o -path /etc/machine-id \
  -o -path /etc/hostname -o -path /etc/hosts \) -prune -o -type d -printf 'd %m %U:%G %p\0' -o -printf '%y %m %U:%G %s %n %l %p\0' |
  LC_ALL=C sort -z | tr '\n\0' '?\n'`;
const SUM_FILES = `cd / && find etc opt root srv workspace var -type f ! -name machine-id ! -name hostname ! -name hosts \
  -size -64M -print0 | LC_ALL=C sort -z | xargs -0 sha256sum`;
const NAMES = Object.keys(KEPT);
const SEPARATOR = "=== next ===";
const CAPTURES = 2;

const ACTS = Object.values(KEPT).map(
  ({ act }, index) => `mkdir -p /workspace/${index}; cd /workspace/${index}\n(${act}) >&2`,
);
const ASKS = Object.values(KEPT).map(({ ask }, index) => `(cd /workspace/${index}; ${ask})`);

describe.each(IDENTITIES)("as %s, captures keep", (identity) => {
  const guests = useGuests(identity);
  let program: TestProgram;
  /** Of each guest the answers, one for each kind, then its tree. */
  let answers: string[][] = [];
  beforeAll(async () => {
    program = await buildTestProgram("helpers/layer-rounds-program.ts");
    const asks = [...ASKS, `${LIST_TREE}; ${SUM_FILES}`].join(`\necho; echo '${SEPARATOR}'\n`);
    const rounds = { prepare: `set -e; umask 022\n${ACTS.join("\n")}`, ask: asks, captures: CAPTURES };
    const texts = await askRounds(guests(), program.file, rounds);
    answers = texts.map((text) => text.split(`${SEPARATOR}\n`));
  });
  afterAll(() => program[Symbol.asyncDispose]());

  test.each(NAMES)("%s", (name) => {
    const given = answers.map((sections) => sections[NAMES.indexOf(name)]?.replace(/\n*$/, ""));
    expect(given).toEqual(Array.from({ length: CAPTURES + 1 }, () => KEPT[name]?.answer));
  });

  test("the whole tree as it was, and no more", () => {
    const [original, ...copies] = answers.map((sections) => (sections.at(-1) ?? "").split("\n"));
    expect(original?.length).toBeGreaterThan(4_000);
    for (const copy of copies) expect(differences(original ?? [], copy)).toEqual([]);
  });
});

function differences(before: readonly string[], after: readonly string[]): string[] {
  const [had, has] = [new Set(before), new Set(after)];
  return [
    ...before.filter((line) => !has.has(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !had.has(line)).map((line) => `+ ${line}`),
  ];
}
