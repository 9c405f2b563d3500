// Images of a real registry as environments, through the CLI.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resolveSettings } from "../../src/platform/settings.js";
import {
  findInstalledTree,
  makeBusyboxTree,
  makeSingleTree,
  pushImage,
  run,
} from "../helpers/images/make-images.js";
import {
  PASSWORD,
  startRegistry,
  USER,
  type Registry,
  type RegistryOptions,
} from "../helpers/images/registry.js";
import { TestPyro } from "../helpers/test-pyro.js";

const OWN_FAILURE = 125;
/** POSIX, XCU 2.8.2. */
const CANNOT_EXECUTE = 126;
const APPLETS = [
  "sh",
  "ls",
  "cat",
  "id",
  "pwd",
  "echo",
  "env",
  "mount",
  "touch",
  "hostname",
  "ping",
  "sleep",
  "rm",
];

let directory = "";
let registry: Registry;
let pyro: TestPyro;
const opened: AsyncDisposable[] = [];

async function open(name: string, options: Omit<RegistryOptions, "storage">): Promise<Registry> {
  const storage = path.join(directory, "storage");
  const started = await startRegistry(path.join(directory, name), { storage, ...options });
  opened.push(started);
  return started;
}

async function openPyro(extra: Readonly<Record<string, string>> = {}): Promise<TestPyro> {
  const cache = await mkdtemp(path.join(directory, "cache-"));
  const started = await TestPyro.create({ PYRO_ENVIRONMENT_CACHE_DIR: cache, ...extra });
  opened.push(started);
  return started;
}

/** A directory for DOCKER_CONFIG that knows the password for `host`. */
async function writeLogin(host: string, password = PASSWORD): Promise<string> {
  const login = await mkdtemp(path.join(directory, "login-"));
  const auth = Buffer.from(`${USER}:${password}`).toString("base64");
  await writeFile(path.join(login, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
  return login;
}

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "pyro-images-"));
  registry = await open("plain", {});
  const trees = path.join(directory, "trees");
  const layouts = path.join(directory, "layouts");
  await mkdir(layouts);
  await makeBusyboxTree(path.join(trees, "alpine"), APPLETS);
  await makeBusyboxTree(path.join(trees, "distroless"), []);
  await makeSingleTree(path.join(trees, "single"));
  const push = (name: string, tree: string, config: readonly string[] = []) =>
    pushImage(layouts, registry.host, { name, tree, config });
  const alpine = path.join(trees, "alpine");
  await push("team/alpine:3", alpine);
  await push("team/app:1", alpine, [
    ...["--config.user", "app", "--config.workingdir", "/srv/made/here", "--config.env", "GREETING=hi there"],
    ...["--config.env", "PATH=/opt/bin:/bin", "--config.entrypoint", "sh", "--config.entrypoint", "-c"],
    ...["--config.cmd", "id; pwd; echo $GREETING; echo to-stderr >/dev/stderr; exit 3"],
    ...["--config.label", "org.opencontainers.image.licenses=GPL-2.0-only"],
  ]);
  await push("team/nobody:1", alpine, ["--config.user", "nobody-here"]);
  await push("team/distroless:1", path.join(trees, "distroless"), [
    ...["--config.user", "65532:65532", "--config.entrypoint", "/bin/busybox"],
    ...["--config.cmd", "echo", "--config.cmd", "from the image"],
  ]);
  await push("team/single:1", path.join(trees, "single"), [
    "--config.entrypoint",
    "/busybox",
    "--config.cmd",
    "id",
  ]);
  await push("team/arm:1", alpine, ["--architecture", "arm64"]);
  const debian = await findInstalledTree(resolveSettings().environmentCacheDir, "debian-12-base");
  await push("team/debian:12", debian);
  pyro = await openPyro();
});

afterAll(async () => {
  for (const each of opened.reverse()) await each[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const image = (name: string, at = registry) => `${at.host}/team/${name}`;

describe("an image's configuration", () => {
  test("`run` without a command runs the image's, as its user, in its directory, with its variables", async () => {
    const { status, stdout, stderr } = await pyro.run(["run", image("app:1")]);
    expect(stdout.toString()).toBe(
      "uid=1000(app) gid=1001(appgroup) groups=44(extra)\n/srv/made/here\nhi there\n",
    );
    expect(stderr).toContain("to-stderr\n");
    expect(status).toBe(3);
  });

  test("`run` with a command executes that as it is", async () => {
    const { stdout } = await pyro.run(["run", image("app:1"), "--", "env"]);
    expect(stdout.toString()).toMatch(/^PATH=\/opt\/bin:\/bin$/m);
    expect(stdout.toString()).toMatch(/^HOME=\/srv\/app$/m);
    expect(stdout.toString()).toMatch(/^USER=app$/m);
  });

  test("a user that the image does not have is named", async () => {
    const { status, stderr } = await pyro.run(["run", image("nobody:1"), "--", "id"]);
    expect(status).toBe(CANNOT_EXECUTE);
    expect(stderr).toContain(`user "nobody-here" is not in its /etc/passwd`);
  });

  test("a workspace's commands are root's, whose files it has, with the image's variables", async () => {
    const create = await pyro.run(["workspace", "create", image("app:1"), "--id-only"]);
    const id = create.stdout.toString().trim();
    const script = "id -u; pwd; echo $GREETING; touch made; ls";
    const { stdout } = await pyro.run(["workspace", "exec", id, "--", "sh", "-c", script]);
    expect(stdout.toString()).toBe("0\n/workspace\nhi there\nmade\n");
    expect((await pyro.run(["workspace", "reset", id])).status).toBe(0);
    const again = await pyro.run(["workspace", "exec", id, "--", "sh", "-c", "ls; echo $GREETING"]);
    expect(again.stdout.toString()).toBe("hi there\n");
    await pyro.run(["workspace", "delete", id]);
  });

  test("inspect shows reference, digest, layers, user, command and licence", async () => {
    const { stdout } = await pyro.run(["env", "inspect", image("app:1")]);
    expect(stdout.toString()).toContain(`Image: ${image("app:1")}\nLayers: 1\n  sha256:`);
    expect(stdout.toString()).toContain(
      "User: app\nWorking directory: /srv/made/here\nLicence: GPL-2.0-only\n",
    );
    const { value } = await pyro.json(["env", "inspect", image("app:1")]);
    expect(value).toMatchObject({
      name: image("app:1"),
      version: expect.stringMatching(/^sha256:/),
      layers: [expect.stringMatching(/^sha256:/)],
      install_manifest: {
        image: { env: expect.arrayContaining(["PATH=/opt/bin:/bin", "GREETING=hi there"]), user: "app" },
      },
    });
    expect((await pyro.run(["env", "list"])).stdout.toString()).toContain(`${image("app:1")} [installed, `);
  });
});

describe("images of other kinds", () => {
  test("one without bash and GNU tools runs a command line with its sh", async () => {
    const { value } = await pyro.json([
      "run",
      image("alpine:3"),
      "--",
      "sh",
      "-c",
      "ls /etc/os-release; cat /etc/hosts",
    ]);
    expect(value).toMatchObject({ exit_code: 0, stdout: expect.stringContaining("localhost") });
  });

  test("one without a shell runs its program; a command line says what is missing", async () => {
    const own = await pyro.run(["run", image("distroless:1")]);
    expect(own.stdout.toString()).toBe("from the image\n");
    const id = (await pyro.run(["workspace", "create", image("distroless:1"), "--id-only"])).stdout
      .toString()
      .trim();
    const exec = await pyro.run(["workspace", "exec", id, "--", "sh", "-c", "true"]);
    expect(exec.status).toBe(127);
    expect(exec.stderr).toContain("sh: command not found");
    for (const args of [
      ["file", "write", id, "a.txt", "--text", "a\n"],
      ["diff", id],
      ["reset", id],
      ["summary", id],
    ]) {
      expect((await pyro.run(["workspace", ...args])).status, args.join(" ")).toBe(0);
    }
    await pyro.run(["workspace", "delete", id]);
  });

  test("one of a single program, without /etc and /tmp, is a guest like others", async () => {
    expect((await pyro.run(["run", image("single:1")])).stdout.toString()).toContain("uid=0 gid=0");
    const { stdout } = await pyro.run([
      "run",
      image("single:1"),
      "--",
      "/busybox",
      "ls",
      "-a",
      "/tmp",
      "/etc",
    ]);
    expect(stdout.toString()).toContain("resolv.conf");
  });

  test("a Debian tree has its packages, and a workspace of it snapshots and resets", async () => {
    const { value } = await pyro.json(["env", "pull", image("debian:12")]);
    expect(value).toMatchObject({
      install_manifest: { packages: expect.arrayContaining([expect.objectContaining({ name: "bash" })]) },
    });
    const { stdout } = await pyro.run([
      "run",
      image("debian:12"),
      "--",
      "bash",
      "-c",
      "dpkg -s bash | head -1",
    ]);
    expect(stdout.toString()).toBe("Package: bash\n");
  });
});

describe("pulls", () => {
  test("a tag that moves is noticed by the next pull, and only by a pull", async () => {
    const trees = path.join(directory, "trees/moving");
    await makeBusyboxTree(trees, APPLETS);
    const layouts = await mkdtemp(path.join(directory, "moving-"));
    await pushImage(layouts, registry.host, { name: "team/moving:1", tree: trees });
    expect((await pyro.run(["env", "pull", image("moving:1")])).status).toBe(0);
    expect((await pyro.run(["env", "pull", image("moving:1")])).stderr).toContain("unchanged=sha256:");
    await writeFile(path.join(trees, "new"), "second\n");
    await pushImage(await mkdtemp(path.join(directory, "moving-")), registry.host, {
      name: "team/moving:1",
      tree: trees,
    });
    expect((await pyro.run(["run", image("moving:1"), "--", "cat", "/new"])).status).toBe(1);
    expect((await pyro.run(["env", "pull", image("moving:1")])).stderr).toMatch(
      /moved_from=sha256:\S+ moved_to=sha256:/,
    );
    const { stdout } = await pyro.run(["run", image("moving:1"), "--", "cat", "/new"]);
    expect(stdout.toString()).toBe("second\n");
    const { value } = await pyro.json(["env", "prune"]);
    expect(value).toMatchObject({ count: 1 });
  });

  test("two at once of one image do the work once", async () => {
    const fresh = await openPyro();
    const pulls = await Promise.all([1, 2, 3].map(() => fresh.run(["env", "pull", image("debian:12")])));
    expect(pulls.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(pulls.filter(({ stderr }) => stderr.includes("step=unpack"))).toHaveLength(1);
  });

  test("after a kill -9 of the daemon half-way the next pull goes on and leaves nothing half-made", async () => {
    const fresh = await openPyro();
    const child = fresh.start(["env", "pull", image("debian:12")]);
    await new Promise<void>((resolve) => {
      let told = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        told += chunk.toString();
        if (told.includes("step=unpack")) resolve();
      });
    });
    process.kill((await fresh.daemonPid()) ?? 0, "SIGKILL");
    const again = await fresh.run(["env", "pull", image("debian:12")]);
    expect(again.status).toBe(0);
    const names = await readdir(fresh.settings.environmentCacheDir);
    expect(names.filter((name) => name.startsWith(".partial-") || name.startsWith(".removing-"))).toEqual([]);
    const { stdout } = await fresh.run(["run", image("debian:12"), "--", "bash", "-c", "echo $0"]);
    expect(stdout.toString()).toBe("bash\n");
  });

  test("an installed image runs without its registry", async () => {
    const gone = await open("gone", {});
    const fresh = await openPyro();
    const name = image("alpine:3", gone);
    await fresh.run(["env", "pull", name]);
    await gone[Symbol.asyncDispose]();
    expect((await fresh.run(["run", name, "--", "echo", "here"])).stdout.toString()).toBe("here\n");
    const pull = await fresh.run(["env", "pull", name]);
    expect(pull.status).toBe(0);
    expect(pull.stderr).toContain("phase=registry");
    expect(pull.stderr).toContain("unknown=");
  });

  test("a damaged install is repaired by the next pull", async () => {
    const fresh = await openPyro();
    await fresh.run(["env", "pull", image("alpine:3")]);
    const { value } = await fresh.json(["env", "inspect", image("alpine:3")]);
    const installDir =
      typeof value === "object" && value && "install_dir" in value ? String(value.install_dir) : "";
    await rm(path.join(installDir, "rootfs/bin/busybox"));
    expect((await fresh.run(["env", "pull", image("alpine:3")])).status).toBe(0);
    expect((await fresh.run(["run", image("alpine:3"), "--", "echo", "ok"])).stdout.toString()).toBe("ok\n");
  });
});

describe("registries that want credentials or TLS", () => {
  test.each(["basic", "token"] as const)(
    "%s authentication: 401 without, an install with; no password is told",
    async (auth) => {
      const guarded = await open(auth, { auth });
      const name = image("alpine:3", guarded);
      const without = await openPyro();
      const denied = await without.run(["run", name, "--", "true"]);
      expect(denied.status).toBe(OWN_FAILURE);
      expect(denied.stderr).toMatch(/error: .*\nhint: .*log ?in/i);
      const wrong = await openPyro({ DOCKER_CONFIG: await writeLogin(guarded.host, "not-the-secret") });
      const refused = await wrong.json(["env", "pull", name]);
      expect(refused.status).toBe(5);
      expect(refused.value).toMatchObject({ error: { code: "registry_denied" } });
      expect(JSON.stringify(refused.value)).not.toContain("not-the-secret");
      const login = await openPyro({ DOCKER_CONFIG: await writeLogin(guarded.host), PYRO_LOG: "debug" });
      const ran = await login.run(["run", name, "--", "echo", "in"]);
      expect(ran.stdout.toString()).toBe("in\n");
      for (const each of [login, wrong]) {
        const log = await readFile(path.join(each.settings.stateDir, "daemon.log"), "utf8");
        const { stdout } = await each.run(["env", "inspect", name, "--json"]);
        expect(log + stdout.toString()).not.toMatch(/correct horse|not-the-secret|cHlybzp/);
      }
    },
  );

  test("TLS is verified: by the certificate that SSL_CERT_FILE names, or not at all where it is said so", async () => {
    const secure = await open("tls", { tls: true });
    const name = `127.0.0.1:${secure.host.split(":")[1] ?? ""}/team/alpine:3`;
    const stranger = await openPyro();
    const refused = await stranger.json(["env", "pull", name]);
    expect(refused).toMatchObject({ status: 5, value: { error: { code: "registry_unreachable" } } });
    const trusting = await openPyro({ SSL_CERT_FILE: secure.certificate });
    expect((await trusting.run(["run", name, "--", "echo", "tls"])).stdout.toString()).toBe("tls\n");
    const careless = await openPyro({ PYRO_INSECURE_REGISTRIES: name.split("/")[0] ?? "" });
    expect((await careless.run(["run", name, "--", "echo", "tls"])).stdout.toString()).toBe("tls\n");
  });
});

describe("what is not there", () => {
  test.each([
    ["an image", () => image("none:1"), 3, "image_not_found"],
    ["a tag", () => image("alpine:none"), 3, "image_not_found"],
    ["an image for this platform", () => image("arm:1"), 3, "platform_missing"],
    ["a registry", () => "127.0.0.1:9/team/x:1", 5, "registry_unreachable"],
    ["a host", () => "registry.invalid/team/x:1", 5, "registry_unreachable"],
    ["an environment of a short name", () => "python:3.12", 3, "environment_not_found"],
  ])("%s", async (_, name, status, code) => {
    const failed = await pyro.json(["env", "pull", name()]);
    expect(failed).toMatchObject({ status, value: { error: { code } } });
    const human = await pyro.run(["run", name(), "--", "true"]);
    expect(human.status).toBe(OWN_FAILURE);
    expect(human.stderr).toMatch(/error: .+\nhint: .+\n$/);
  });
});

test("a disk that is full half-way is said, and the next pull works", async () => {
  const full = path.join(directory, "full");
  await mkdir(full);
  await run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", full);
  try {
    const small = await openPyro({ PYRO_ENVIRONMENT_CACHE_DIR: path.join(full, "environments") });
    const failed = await small.json(["env", "pull", image("debian:12")]);
    expect(failed).toMatchObject({ status: 7, value: { error: { code: "out_of_disk" } } });
    await run("mount", "-o", "remount,size=400m", full);
    expect((await small.run(["env", "pull", image("debian:12")])).status).toBe(0);
    await small.run(["daemon", "stop", "--force"]);
  } finally {
    await run("umount", "-l", full);
  }
});

test("the catalogue's environments come from its registry first, and from packages when it fails, visibly", async () => {
  const layouts = await mkdtemp(path.join(directory, "catalogue-"));
  const debian = await findInstalledTree(resolveSettings().environmentCacheDir, "debian-12-base");
  await pushImage(layouts, registry.host, { name: "pyro/debian:12-base", tree: debian });
  const published = await openPyro({ PYRO_CATALOG_REGISTRY: `${registry.host}/pyro` });
  const pull = await published.json(["env", "pull", "debian:12-base"]);
  expect(pull.value).toMatchObject({ name: "debian:12-base", source: "oci", sources: ["oci", "packages"] });
  const refused = await published.run(["env", "pull", "debian:12", "--source", "oci"]);
  expect(refused.status).toBe(3);
  const down = await openPyro({ PYRO_CATALOG_REGISTRY: "127.0.0.1:9/pyro" });
  const fallen = await down.run(["env", "pull", "debian:12-base"], { timeoutMs: 600_000 });
  expect(fallen.status).toBe(0);
  expect(fallen.stderr).toMatch(
    /phase=source environment=debian:12-base source=oci skipped=".*127\.0\.0\.1:9/,
  );
  expect(fallen.stdout.toString()).toContain("Source: packages\n");
});

test("a snapshot of a workspace goes out as an image and comes back as an environment", async () => {
  const created = await pyro.run(["workspace", "create", image("alpine:3"), "--id-only"]);
  const id = created.stdout.toString().trim();
  const script =
    "echo kept >/workspace/a; ln /workspace/a /workspace/b; rm /bin/hostname; rm /bin/ping; mkdir /made";
  expect((await pyro.run(["workspace", "exec", id, "--", "sh", "-c", script])).status).toBe(0);
  await pyro.run(["workspace", "snapshot", "create", id, "prepared"]);
  const layout = path.join(directory, "exported");
  const written = await pyro.json(["workspace", "snapshot", "export", id, "prepared", "--output", layout]);
  expect(written).toMatchObject({
    status: 0,
    value: { kind: "layout", layers: [expect.anything(), expect.anything()] },
  });
  await run("skopeo", "copy", "--dest-tls-verify=false", `oci:${layout}`, `docker://${image("copied:1")}`);
  const pushed = await pyro.json([
    "workspace",
    "snapshot",
    "export",
    id,
    "prepared",
    "--output",
    image("pushed:1"),
  ]);
  expect(pushed).toMatchObject({ status: 0, value: { kind: "registry", output: image("pushed:1") } });
  for (const name of ["copied:1", "pushed:1"]) {
    const look = ["sh", "-c", "cat /workspace/b; ls -d /made /bin/hostname /bin/ping /etc/machine-id"];
    const { stdout } = await pyro.run(["run", image(name), "--", ...look]);
    expect(stdout.toString()).toBe("kept\n/etc/machine-id\n/made\n");
  }
  const again = await pyro.run(["workspace", "snapshot", "export", id, "prepared", "--output", layout]);
  expect(again.status).toBe(2);
  const denied = await open("export-denied", { auth: "basic" });
  const refused = await pyro.json([
    ...["workspace", "snapshot", "export", id, "baseline", "--output", image("denied:1", denied)],
  ]);
  expect(refused).toMatchObject({ status: 5, value: { error: { code: "registry_denied" } } });
  await pyro.run(["workspace", "delete", id]);
});

test("a workspace of packages goes out as an image, too", async () => {
  const shared = await TestPyro.create();
  opened.push(shared);
  const created = await shared.run(["workspace", "create", "debian:12-base", "--id-only"]);
  const id = created.stdout.toString().trim();
  await shared.run(["workspace", "exec", id, "--", "sh", "-c", "echo here >made"]);
  await shared.run(["workspace", "snapshot", "create", id, "prepared"]);
  const output = image("from-packages:1");
  expect(
    (await shared.run(["workspace", "snapshot", "export", id, "prepared", "--output", output])).status,
  ).toBe(0);
  await shared.run(["workspace", "delete", id]);
  const { stdout } = await pyro.run([
    "run",
    output,
    "--",
    "bash",
    "-c",
    "cat /workspace/made; dpkg -s bash | head -1",
  ]);
  expect(stdout.toString()).toBe("here\nPackage: bash\n");
});
