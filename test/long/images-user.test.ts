// Images as an ordinary user: what of owners, modes and attributes holds, what is said of the rest, and that everything
// an image can bring goes away again. Needs root, who can be one.

import { chmod, chown, copyFile, link, mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "../helpers/images/make-images.js";
import { matching, useImages } from "../helpers/images/use-images.js";
import { OrdinaryUser } from "../helpers/ordinary-user.js";
import { TestPyro } from "../helpers/test-pyro.js";
import { expectDaemonLeftNothing, expectNothingLeft } from "../helpers/nothing-left.js";
import { runWithoutUserNamespaces } from "../helpers/without-user-namespaces.js";

const USERS = 1000;
const BUSYBOX = "/bin/busybox";

describe.skipIf(process.geteuid?.() !== 0)("an ordinary user", () => {
  const images = useImages();
  let user: OrdinaryUser;
  let pyro: TestPyro;
  const opened: AsyncDisposable[] = [];

  /** A directory of the user's own. */
  async function homeDirectory(): Promise<string> {
    const directory = await mkdtemp(path.join(tmpdir(), "pyro-user-"));
    await chown(directory, user.uid, user.gid);
    opened.push({ [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) });
    return directory;
  }

  /** A pyro of the user, with a cache of its own. */
  async function openPyro(extra: Readonly<Record<string, string>> = {}): Promise<TestPyro> {
    const cache = path.join(await homeDirectory(), "environments");
    const made = await TestPyro.create({ PYRO_ENVIRONMENT_CACHE_DIR: cache, ...extra }, user);
    opened.push(made);
    return made;
  }

  beforeAll(async () => {
    user = await OrdinaryUser.ensure();
    opened.push(user);
    await pushOddImage();
    pyro = await openPyro();
  });

  afterAll(async () => {
    for (const each of opened.reverse()) await each[Symbol.asyncDispose]();
  });

  /** All that needs root to be as its image has it. */
  async function pushOddImage(): Promise<void> {
    const tree = await images().makeTree("odd");
    const at = (...names: string[]) => path.join(tree, ...names);
    for (const applet of ["stat", "readlink", "test", "find", "wc"])
      await link(at("bin/ls"), at("bin", applet));
    await mkdir(at("srv/app"), { recursive: true });
    await writeFile(at("srv/app/private"), "of the user\n", { mode: 0o600 });
    await mkdir(at("sealed/inner"), { recursive: true });
    await writeFile(at("sealed/inner/file"), "sealed\n", { mode: 0o400 });
    await mkdir(at("closed"));
    await writeFile(at("closed/file"), "closed\n", { mode: 0 });
    await link(at("srv/app/private"), at("second-name"));
    await copyFile(BUSYBOX, at("setuid"));
    await copyFile(BUSYBOX, at("capable"));
    for (const owned of ["srv/app", "srv/app/private", "setuid"]) await chown(at(owned), USERS, USERS);
    await chmod(at("setuid"), 0o4755);
    await attach(at("capable"), "security.capability", "0100000200200000000000000000000000000000");
    await attach(at("capable"), "user.note", "6b657074");
    await run("mknod", at("null"), "c", "1", "3");
    await run("mknod", at("disk"), "b", "8", "0");
    await run("mkfifo", at("pipe"));
    for (const directory of ["sealed/inner", "sealed"]) await chmod(at(directory), 0o500);
    await chmod(at("closed"), 0);
    await images().push("team/odd:1", tree, ["--config.user", "app"]);
  }

  test("pulls an image, and is told once what of it does not hold", async () => {
    const pulled = await pyro.run(["env", "pull", images().name("odd:1")]);
    expect(pulled.status).toBe(0);
    const { stdout } = await pyro.run(["env", "inspect", images().name("odd:1")]);
    const notes = stdout
      .toString()
      .split("\n")
      .filter((line) => line.startsWith("Note: "));
    expect(notes).toEqual([
      "Note: device nodes are left out (2)",
      matching(/^Note: directories without permissions for their owner got them, .* \(3\)$/),
      'Note: extended attributes are left out: "security.capability" (1)',
      matching(/^Note: files belong to the user who installed the image, .* \(\d+\)$/),
    ]);
  });

  test("has all files as root's in the guest, which root there can read and change whatever their modes", async () => {
    const create = await pyro.run(["workspace", "create", images().name("odd:1"), "--id-only"]);
    const id = create.stdout.toString().trim();
    const look = `stat -c '%n %u:%g %a' /srv/app /srv/app/private /setuid /sealed /closed /closed/file; stat -c %h /second-name
      cat /srv/app/private /sealed/inner/file /closed/file; test -p /pipe && echo pipe; ls /null /disk 2>&1 | wc -l
      echo more >>/closed/file && cat /closed/file`;
    const { stdout } = await pyro.run(["workspace", "exec", id, "--", "sh", "-c", look]);
    expect(stdout.toString().split("\n")).toEqual([
      ...["/srv/app 0:0 755", "/srv/app/private 0:0 600", "/setuid 0:0 4755"],
      ...["/sealed 0:0 700", "/closed 0:0 700", "/closed/file 0:0 0", "2"],
      ...["of the user", "sealed", "closed", "pipe", "2", "closed", "more", ""],
    ]);
    await pyro.run(["workspace", "delete", id]);
  });

  test("runs commands as the image's user, for whom files of root's alone are closed", async () => {
    const ran = await pyro.run([
      ...["run", images().name("odd:1"), "--"],
      ...["sh", "-c", "id -u; cat /srv/app/private; ls /sealed; cat /etc/os-release"],
    ]);
    expect(ran.stdout.toString()).toBe("1000\nID=alpine-like\n");
    expect(ran.stderr).toMatch(/private': Permission denied/);
  });

  test("works in a workspace of an image as in any other, and makes an image of it", async () => {
    const home = await homeDirectory();
    const seed = path.join(home, "seed");
    await mkdir(seed);
    await writeFile(path.join(seed, "file"), "seeded\n");
    await run("chown", "-R", `${user.uid}:${user.gid}`, seed);
    const image = images().name("odd:1");
    const create = await pyro.run(["workspace", "create", image, "--seed-path", seed, "--id-only"]);
    const id = create.stdout.toString().trim();
    const act =
      "echo changed >file; rm -r /sealed; chown 7:8 /srv/app; echo made >/srv/made; mkdir -m 0500 /kept";
    expect((await pyro.run(["workspace", "exec", id, "--", "sh", "-c", act])).stderr).not.toContain("denied");
    expect((await pyro.run(["workspace", "diff", id])).stdout.toString()).toContain("+changed\n");
    await pyro.run(["workspace", "snapshot", "create", id, "worked"]);
    expect((await pyro.run(["workspace", "reset", id])).status).toBe(0);
    const after = await pyro.run(["workspace", "exec", id, "--", "sh", "-c", "cat file; ls -d /sealed"]);
    expect(after.stdout.toString()).toBe("seeded\n/sealed\n");
    const layout = path.join(home, "image");
    const exports = ["workspace", "snapshot", "export", id, "worked", "--output"];
    const [first, pushed] = [
      await pyro.json([...exports, layout]),
      await pyro.json([...exports, images().name("by-user:1")]),
    ];
    expect(first.status).toBe(0);
    expect((await stat(layout)).uid).toBe(user.uid);
    expect(digestOf(pushed.value)).toBe(digestOf(first.value));
    await pyro.run(["workspace", "delete", id]);
    // Root has all owners, those that the user's own tree could not have as well.
    const look =
      "stat -c '%n %u:%g %a' /srv/app /srv/app/private /srv/made /kept; cat /workspace/file; ls -d /sealed";
    const seen = await images().pyro.run(["run", images().name("by-user:1"), "--", "sh", "-c", look]);
    expect(seen.stdout.toString()).toBe(
      "/srv/app 7:8 755\n/srv/app/private 1000:1000 600\n/srv/made 0:0 644\n/kept 0:0 500\nchanged\n",
    );
  });

  test("cannot export to where they may not write, which is said at once", async () => {
    const create = await pyro.run(["workspace", "create", images().name("alpine:3"), "--id-only"]);
    const id = create.stdout.toString().trim();
    const closed = await mkdtemp(path.join(images().directory, "roots-"));
    for (const output of ["/usr/image", path.join(closed, "image")]) {
      const failed = await pyro.json(["workspace", "snapshot", "export", id, "baseline", "--output", output]);
      expect(failed).toMatchObject({ status: 5, value: { error: { code: "storage_unavailable" } } });
      const { stderr } = await pyro.run([
        "workspace",
        "snapshot",
        "export",
        id,
        "baseline",
        "--output",
        output,
      ]);
      expect(stderr).not.toContain("phase=");
      expect(stderr).toContain("EACCES");
    }
    await pyro.run(["workspace", "delete", id]);
  });

  test("gets rid of an image whose directories nobody may write to", async () => {
    const cache = pyro.settings.environmentCacheDir;
    expect((await pyro.run(["env", "prune", "--images"])).status).toBe(0);
    expect((await readdir(cache)).filter((name) => !name.startsWith(".lock") && name !== "blobs")).toEqual(
      [],
    );
    expect(await readdir(path.join(cache, "blobs/sha256"))).toEqual([]);
  });

  test("logs in as themselves: by their home, and by DOCKER_CONFIG", async () => {
    const guarded = await images().openRegistry("users", { auth: "basic" });
    const name = images().name("alpine:3", guarded);
    const login = await images().writeLogin(guarded.host);
    const byHome = await openPyro();
    const home = path.join(byHome.directory, ".docker");
    await mkdir(home);
    await copyFile(path.join(login, "config.json"), path.join(home, "config.json"));
    await run("chown", "-R", `${user.uid}:${user.gid}`, home);
    await chmod(path.join(home, "config.json"), 0o600);
    expect((await byHome.run(["run", name, "--", "echo", "in"])).stdout.toString()).toBe("in\n");
    const byVariable = await openPyro({ DOCKER_CONFIG: home });
    // The home of another pyro of the same user.
    expect((await byVariable.run(["run", name, "--", "echo", "in"])).stdout.toString()).toBe("in\n");
  });

  test("is told that credentials cannot be read, when they are somebody else's", async () => {
    const guarded = await images().openRegistry("others", { auth: "basic" });
    const login = await homeDirectory();
    await copyFile(
      path.join(await images().writeLogin(guarded.host), "config.json"),
      path.join(login, "config.json"),
    );
    await chmod(path.join(login, "config.json"), 0o600);
    const others = await openPyro({ DOCKER_CONFIG: login });
    const failed = await others.json(["env", "pull", images().name("alpine:3", guarded)]);
    expect(failed).toMatchObject({ status: 5, value: { error: { code: "registry_denied" } } });
    expect(JSON.stringify(failed.value)).toContain("could not be read");
  });

  test("on a host that forbids user namespaces can pull, and a run names the cure as for packages", async () => {
    const forbidden = await openPyro();
    const image = images().name("alpine:3");
    const pulled = await runWithoutUserNamespaces(forbidden, ["env", "pull", image]);
    expect(pulled).toMatchObject({ exitCode: 0 });
    const ran = await runWithoutUserNamespaces(forbidden, ["run", image, "--", "true"]);
    expect(ran.exitCode).toBe(125);
    expect(ran.stderr).toContain("hint: sudo sysctl -w user.max_user_namespaces=65536\n");
    await runWithoutUserNamespaces(forbidden, ["daemon", "stop", "--force"]);
    await expectDaemonLeftNothing(forbidden);
  });

  test("has left nothing on the host", async () => {
    await expectNothingLeft(pyro);
  });
});

/** Sets an extended attribute, its value in hexadecimal: setxattr(2), which Debian has a program for in perl only. */
async function attach(file: string, name: string, value: string): Promise<void> {
  const call =
    "my ($f, $n, $v) = @ARGV; $v = pack('H*', $v); syscall(188, $f, $n, $v, length $v, 0) == 0 or die $!";
  await run("perl", "-e", call, file, name, value);
}

function digestOf(value: unknown): string {
  return /"digest":"(sha256:[0-9a-f]{64})"/.exec(JSON.stringify(value))?.[1] ?? "none";
}
