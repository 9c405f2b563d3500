// Images of a real registry as environments, through the CLI: pulls, credentials, TLS, and what goes wrong.

import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../helpers/images/make-images.js";
import { installedBase, matching, useImages } from "../helpers/images/use-images.js";

const OWN_FAILURE = 125;

const images = useImages();

describe("pulls", () => {
  test("a tag that moves is noticed by the next pull, and only by a pull", async () => {
    const tree = await images().makeTree("moving");
    await images().push("team/moving:1", tree);
    expect((await images().pyro.run(["env", "pull", images().name("moving:1")])).status).toBe(0);
    expect((await images().pyro.run(["env", "pull", images().name("moving:1")])).stderr).toContain(
      "unchanged=sha256:",
    );
    await writeFile(path.join(tree, "new"), "second\n");
    await images().push("team/moving:1", tree);
    expect((await images().pyro.run(["run", images().name("moving:1"), "--", "cat", "/new"])).status).toBe(1);
    expect((await images().pyro.run(["env", "pull", images().name("moving:1")])).stderr).toMatch(
      /moved_from=sha256:\S+ moved_to=sha256:/,
    );
    const { stdout } = await images().pyro.run(["run", images().name("moving:1"), "--", "cat", "/new"]);
    expect(stdout.toString()).toBe("second\n");
    const { value } = await images().pyro.json(["env", "prune"]);
    expect(value).toMatchObject({ count: 1 });
  });

  test("two at once of one image do the work once", async () => {
    const fresh = await images().openPyro();
    const pulls = await Promise.all(
      [1, 2, 3].map(() => fresh.run(["env", "pull", images().name("debian:12")])),
    );
    expect(pulls.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(pulls.filter(({ stderr }) => stderr.includes("step=unpack"))).toHaveLength(1);
  });

  test("after a kill -9 of the daemon half-way the next pull goes on and leaves nothing half-made", async () => {
    const fresh = await images().openPyro();
    const child = fresh.start(["env", "pull", images().name("debian:12")]);
    await new Promise<void>((resolve) => {
      let told = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        told += chunk.toString();
        if (told.includes("step=unpack")) resolve();
      });
    });
    process.kill((await fresh.daemonPid()) ?? 0, "SIGKILL");
    const again = await fresh.run(["env", "pull", images().name("debian:12")]);
    expect(again.status).toBe(0);
    const names = await readdir(fresh.settings.environmentCacheDir);
    expect(names.filter((name) => name.startsWith(".partial-") || name.startsWith(".removing-"))).toEqual([]);
    const { stdout } = await fresh.run(["run", images().name("debian:12"), "--", "bash", "-c", "echo $0"]);
    expect(stdout.toString()).toBe("bash\n");
  });

  test("an installed image runs without its registry", async () => {
    const gone = await images().openRegistry("gone");
    const fresh = await images().openPyro();
    const name = images().name("alpine:3", gone);
    await fresh.run(["env", "pull", name]);
    await gone[Symbol.asyncDispose]();
    expect((await fresh.run(["run", name, "--", "echo", "here"])).stdout.toString()).toBe("here\n");
    const pull = await fresh.run(["env", "pull", name]);
    expect(pull.status).toBe(0);
    expect(pull.stderr).toContain("phase=registry");
    expect(pull.stderr).toContain("unknown=");
  });

  test("a damaged install is repaired by the next pull", async () => {
    const fresh = await images().openPyro();
    await fresh.run(["env", "pull", images().name("alpine:3")]);
    const { value } = await fresh.json(["env", "inspect", images().name("alpine:3")]);
    const installDir =
      typeof value === "object" && value && "install_dir" in value ? String(value.install_dir) : "";
    await rm(path.join(installDir, "rootfs/bin/busybox"));
    expect((await fresh.run(["env", "pull", images().name("alpine:3")])).status).toBe(0);
    expect((await fresh.run(["run", images().name("alpine:3"), "--", "echo", "ok"])).stdout.toString()).toBe(
      "ok\n",
    );
  });
});

describe("registries that want credentials or TLS", () => {
  test.each(["basic", "token"] as const)(
    "%s authentication: 401 without, an install with; no password is told",
    async (auth) => {
      const guarded = await images().openRegistry(auth, { auth });
      const name = images().name("alpine:3", guarded);
      const without = await images().openPyro();
      const denied = await without.run(["run", name, "--", "true"]);
      expect(denied.status).toBe(OWN_FAILURE);
      expect(denied.stderr).toMatch(/error: .*\nhint: .*log ?in/i);
      const wrong = await images().openPyro({
        DOCKER_CONFIG: await images().writeLogin(guarded.host, "not-the-secret"),
      });
      const refused = await wrong.json(["env", "pull", name]);
      expect(refused.status).toBe(5);
      expect(refused.value).toMatchObject({ error: { code: "registry_denied" } });
      expect(JSON.stringify(refused.value)).not.toContain("not-the-secret");
      const login = await images().openPyro({
        DOCKER_CONFIG: await images().writeLogin(guarded.host),
        PYRO_LOG: "debug",
      });
      const ran = await login.run(["run", name, "--", "echo", "in"]);
      expect(ran.stdout.toString()).toBe("in\n");
      for (const each of [login, wrong]) {
        const log = await readFile(path.join(each.settings.stateDir, "daemon.log"), "utf8");
        const { stdout } = await each.run(["env", "inspect", name, "--json"]);
        expect(log + stdout.toString()).not.toMatch(/correct horse|not-the-secret|cHlybzp/);
      }
    },
  );

  test("TLS is verified: by the certificate that SSL_CERT_FILE names", async () => {
    const secure = await images().openRegistry("tls", { tls: true });
    const name = `127.0.0.1:${secure.host.split(":")[1] ?? ""}/team/alpine:3`;
    const stranger = await images().openPyro();
    const refused = await stranger.json(["env", "pull", name]);
    expect(refused).toMatchObject({
      status: 5,
      value: {
        error: {
          code: "registry_unreachable",
          message: matching(/^the certificate of 127\.0\.0\.1:\d+ is not trusted/),
          hint: matching(/SSL_CERT_FILE/),
        },
      },
    });
    const trusting = await images().openPyro({ SSL_CERT_FILE: secure.certificate });
    expect((await trusting.run(["run", name, "--", "echo", "tls"])).stdout.toString()).toBe("tls\n");
  });
});

describe("what is not there", () => {
  test.each([
    ["an image", () => images().name("none:1"), 3, "image_not_found"],
    ["a tag", () => images().name("alpine:none"), 3, "image_not_found"],
    ["an image for this platform", () => images().name("arm:1"), 3, "platform_missing"],
    ["a registry", () => "127.0.0.1:9/team/x:1", 5, "registry_unreachable"],
    ["a host", () => "registry.invalid/team/x:1", 5, "registry_unreachable"],
    ["an environment of a short name", () => "python:3.12", 3, "environment_not_found"],
  ])("%s", async (_, name, status, code) => {
    const failed = await images().pyro.json(["env", "pull", name()]);
    expect(failed).toMatchObject({ status, value: { error: { code } } });
    const human = await images().pyro.run(["run", name(), "--", "true"]);
    expect(human.status).toBe(OWN_FAILURE);
    expect(human.stderr).toMatch(/error: .+\nhint: .+\n$/);
  });
});

test("a disk that is full half-way is said, and the next pull works", async () => {
  const full = path.join(images().directory, "full");
  await mkdir(full);
  await run("mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", full);
  try {
    const small = await images().openPyro({ PYRO_ENVIRONMENT_CACHE_DIR: path.join(full, "environments") });
    const failed = await small.json(["env", "pull", images().name("debian:12")]);
    expect(failed).toMatchObject({ status: 7, value: { error: { code: "out_of_disk" } } });
    await run("mount", "-o", "remount,size=400m", full);
    expect((await small.run(["env", "pull", images().name("debian:12")])).status).toBe(0);
    await small.run(["daemon", "stop", "--force"]);
  } finally {
    await run("umount", "-l", full);
  }
});

test("the catalogue's environments come from its registry first, and from packages when it fails, visibly", async () => {
  await images().push("pyro/debian:12-base", await installedBase());
  const published = await images().openPyro({ PYRO_CATALOG_REGISTRY: `${images().registry.host}/pyro` });
  const pull = await published.json(["env", "pull", "debian:12-base"]);
  expect(pull.value).toMatchObject({ name: "debian:12-base", source: "oci", sources: ["oci", "packages"] });
  const refused = await published.run(["env", "pull", "debian:12", "--source", "oci"]);
  expect(refused.status).toBe(3);
  const down = await images().openPyro({ PYRO_CATALOG_REGISTRY: "127.0.0.1:9/pyro" });
  const fallen = await down.run(["env", "pull", "debian:12-base"], { timeoutMs: 600_000 });
  expect(fallen.status).toBe(0);
  expect(fallen.stderr).toMatch(
    /phase=source environment=debian:12-base source=oci skipped=".*127\.0\.0\.1:9/,
  );
  expect(fallen.stdout.toString()).toContain("Source: packages\n");
});
