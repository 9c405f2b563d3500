// What a guest sees of its host: nothing.

import { once } from "node:events";
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { follow, guestProcesses } from "../helpers/running-guest.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { IDENTITIES, useGuests } from "../helpers/use-guests.js";

const SECRET = "a-secret-of-the-host-4711";

/** Tries 127.0.0.1:PORT of the argument and prints what came of it. */
const CONNECT = `use IO::Socket::INET;
  my $socket = IO::Socket::INET->new(PeerAddr => $ARGV[0], Timeout => 5);
  print $socket ? "connected" : "failed: $!";`;

/** Open files of a host process that are the host's own: the same file is at the same path for everybody. */
async function listForeignFiles(pid: number, { settings }: TestPyro): Promise<string[]> {
  const found: string[] = [];
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const link = `/proc/${pid}/fd/${fd}`;
    const target = await readlink(link).catch(() => "");
    const own = [settings.stateDir, settings.environmentCacheDir, "/dev/null"];
    if (!target.startsWith("/") || own.some((prefix) => target.startsWith(prefix))) continue;
    const [opened, hosts] = await Promise.all(
      [link, target].map((file) => stat(file).catch(() => undefined)),
    );
    if (opened && hosts && opened.dev === hosts.dev && opened.ino === hosts.ino) found.push(target);
  }
  return found;
}

describe.each(IDENTITIES)("what a guest sees, as %s", (identity) => {
  const guests = useGuests(identity, { PYRO_TEST_SECRET: SECRET, AWS_SECRET_ACCESS_KEY: SECRET });
  const listener = createServer((socket) => socket.end("the host's service"));
  let connections = 0;
  listener.on("connection", () => (connections += 1));

  beforeAll(async () => {
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
  });
  afterAll(() => void listener.close());

  test("of processes: the agent and its own command", async () => {
    const script = "for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline; echo; done";
    const { stdout } = await guests().sh(script);
    const lines = stdout
      .toString()
      .trim()
      .split("\n")
      .filter((line) => line !== "");
    expect(lines[0]).toMatch(/^\/usr\/lib\/pyro\/pyro-agent /);
    expect(
      lines.slice(1).every((line) => /^(sh|tr) /.test(line)),
      stdout.toString(),
    ).toBe(true);
  });

  test("of files: its environment's, and no path of the host's", async () => {
    const { pyro } = guests();
    const script = `ls -A /root /home /workspace /srv /mnt /media /opt; ls -d /work "$0" 2>/dev/null; cat /proc/mounts /proc/self/mountinfo /etc/hostname /etc/hosts; hostname`;
    const { stdout } = await guests().run(["sh", "-c", script, pyro.directory]);
    const text = stdout.toString();
    expect(text).not.toContain(pyro.directory);
    expect(text).not.toContain(hostname());
    expect(text).not.toMatch(/^\/work$/m);
    // As Debian makes them: whatever else stood in root's home directory would be the host's.
    expect(text).toMatch(
      /^\/home:\n\n\/media:\n\n\/mnt:\n\n\/opt:\n\n\/root:\n\.bashrc\n\.profile\n\n\/srv:\n\n\/workspace:\n/,
    );
  });

  test("of its agent's channel: an empty directory, in which nothing can be written", async () => {
    const script = `ls -A /run/pyro; touch /run/pyro/x 2>&1; mount -o remount,rw /run/pyro 2>&1; dd if=/dev/zero of=/run/pyro/x count=1 2>&1
      perl -MIO::Socket::UNIX -e 'print IO::Socket::UNIX->new(Peer => "/run/pyro/agent.sock") ? "connected" : "failed: $!"'`;
    const { stdout } = await guests().sh(script);
    expect(stdout.toString()).toMatch(/^touch: .*Read-only file system\n/);
    expect(stdout.toString()).toMatch(/dd: .*Read-only file system\nfailed: No such file or directory$/);
  });

  test("of its agent's program: a file that cannot be changed", async () => {
    const agent = "/usr/lib/pyro/pyro-agent";
    const before = await guests().run(["sha256sum", agent]);
    const script = `for act in "tee ${agent}" "chmod 0 ${agent}" "rm -f ${agent}" "mv ${agent} /x" "truncate -s 0 ${agent}"; do
        $act < /etc/passwd > /dev/null 2>&1 && echo "could $act"
      done
      mount -o remount,rw ${agent} 2>/dev/null; echo x >> ${agent} && echo wrote; umount ${agent} && echo unmounted; true`;
    const { stdout } = await guests().sh(script);
    expect(stdout.toString()).not.toMatch(/could|wrote/);
    expect((await guests().run(["sha256sum", agent])).stdout).toEqual(before.stdout);
  });

  test("of networks: its own loopback, and not the host's", async () => {
    const address = listener.address();
    if (typeof address !== "object" || address === null) throw new Error("the listener has no port");
    const interfaces = await guests().sh(
      "cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d ' '; tail -n +2 /proc/net/route",
    );
    expect(interfaces.stdout.toString()).toBe("lo\n");
    for (const host of ["127.0.0.1", "192.0.2.1", "169.254.169.254"]) {
      const { stdout } = await guests().run(["perl", "-e", CONNECT, `${host}:${address.port}`]);
      expect(stdout.toString()).toMatch(/^failed: (Connection refused|Network is unreachable)$/);
    }
    expect(connections).toBe(0);
  });

  test("of environment variables: a guest's, and none of the daemon's", async () => {
    const { stdout } = await guests().sh("env; cat /proc/*/environ");
    expect(stdout.toString()).not.toContain(SECRET);
    expect(stdout.toString()).not.toContain("PYRO_");
    const names = (await guests().run(["env"])).stdout.toString().trim().split("\n");
    expect(names.map((line) => line.split("=")[0]).sort()).toEqual([
      "HOME",
      "LANG",
      "LOGNAME",
      "PATH",
      "SHELL",
      "USER",
    ]);
  });

  test("of the kernel: gVisor's", async () => {
    const { stdout } = await guests().run(["uname", "-rs"]);
    expect(stdout.toString()).toMatch(/^Linux .*gvisor/);
    // Its own too: a fuse file system in a guest is served there.
    const devices = await guests().sh("ls /dev | grep -vxE 'char|fd|fuse|net|ptmx|pts|shm|std(in|out|err)'");
    expect(devices.stdout.toString().trim().split("\n")).toEqual([
      "full",
      "null",
      "random",
      "tty",
      "urandom",
      "zero",
    ]);
  });

  test("of other users: none that it is not", async () => {
    const { stdout } = await guests().sh("id -u; cat /proc/self/cgroup; cat /proc/self/uid_map");
    expect(stdout.toString()).toMatch(/^0\n0::\/pyro\/\d+\n\s*0\s+0\s+4294967295\n$/);
  });
});

describe.each(IDENTITIES)("the host's side of a guest, as %s", (identity) => {
  const guests = useGuests(identity);

  test("no process of it has a privilege, an open file or a variable of the host's", async () => {
    const { pyro, environment } = guests();
    const child = pyro.start(["run", environment, "--", "sh", "-c", "echo ready; read line"], {
      openStdin: true,
      env: { PYRO_TEST_SECRET: SECRET },
    });
    const { ended, seen } = follow(child);
    await seen("ready");
    const processes = await guestProcesses(pyro);
    const sandboxes = processes.filter(({ kind }) => kind === "sandbox");
    expect(sandboxes.length).toBeGreaterThan(0);
    for (const { pid } of sandboxes) {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      expect(status).not.toMatch(/^Uid:\s+0\s/m);
      // No capability in the host's own namespace: a sandbox is in a user namespace, or has none at all.
      const [map, initial] = await Promise.all([
        readFile(`/proc/${pid}/uid_map`, "utf8"),
        readFile("/proc/self/uid_map", "utf8"),
      ]);
      if (map === initial) expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m);
    }
    for (const { pid } of processes) {
      const variables = (await readFile(`/proc/${pid}/environ`, "utf8"))
        .split("\0")
        .filter((line) => line !== "");
      expect(await listForeignFiles(pid, pyro)).toEqual([]);
      expect(
        variables.filter((line) => !/^(PATH|GOTRACEBACK|GLIBC_TUNABLES|GVISOR_\w+|RUNSC_\w+)=/.test(line)),
      ).toEqual([]);
    }
    child.stdin?.end("\n");
    await ended;
  });
});
