// Images of a real registry as environments, through the CLI: what they say, what they lack, how they are made.

import path from "node:path";
import { describe, expect, test } from "vitest";
import { run } from "../helpers/images/make-images.js";
import { holding, matching, useImages } from "../helpers/images/use-images.js";
import { TestPyro } from "../helpers/test-pyro.js";

/** POSIX, XCU 2.8.2. */
const CANNOT_EXECUTE = 126;

const images = useImages();

describe("an image's configuration", () => {
  test("`run` without a command runs the image's, as its user, in its directory, with its variables", async () => {
    const { status, stdout, stderr } = await images().pyro.run(["run", images().name("app:1")]);
    expect(stdout.toString()).toBe(
      "uid=1000(app) gid=1001(appgroup) groups=44(extra)\n/srv/made/here\nhi there\n",
    );
    expect(stderr).toContain("to-stderr\n");
    expect(status).toBe(3);
  });

  test("`run` with a command executes that as it is", async () => {
    const { stdout } = await images().pyro.run(["run", images().name("app:1"), "--", "env"]);
    expect(stdout.toString()).toMatch(/^PATH=\/opt\/bin:\/bin$/m);
    expect(stdout.toString()).toMatch(/^HOME=\/srv\/app$/m);
    expect(stdout.toString()).toMatch(/^USER=app$/m);
  });

  test("a user that the image does not have is named", async () => {
    const { status, stderr } = await images().pyro.run(["run", images().name("nobody:1"), "--", "id"]);
    expect(status).toBe(CANNOT_EXECUTE);
    expect(stderr).toContain(`user "nobody-here" is not in its /etc/passwd`);
  });

  test("a workspace's commands are root's, whose files it has, with the image's variables", async () => {
    const create = await images().pyro.run(["workspace", "create", images().name("app:1"), "--id-only"]);
    const id = create.stdout.toString().trim();
    const script = "id -u; pwd; echo $GREETING; touch made; ls";
    const { stdout } = await images().pyro.run(["workspace", "exec", id, "--", "sh", "-c", script]);
    expect(stdout.toString()).toBe("0\n/workspace\nhi there\nmade\n");
    expect((await images().pyro.run(["workspace", "reset", id])).status).toBe(0);
    const again = await images().pyro.run(["workspace", "exec", id, "--", "sh", "-c", "ls; echo $GREETING"]);
    expect(again.stdout.toString()).toBe("hi there\n");
    await images().pyro.run(["workspace", "delete", id]);
  });

  test("inspect shows reference, digest, layers, user, command and licence", async () => {
    const { stdout } = await images().pyro.run(["env", "inspect", images().name("app:1")]);
    expect(stdout.toString()).toContain(`Image: ${images().name("app:1")}\nLayers: 1\n  sha256:`);
    expect(stdout.toString()).toContain(
      "User: app\nWorking directory: /srv/made/here\nLicence: GPL-2.0-only\n",
    );
    const { value } = await images().pyro.json(["env", "inspect", images().name("app:1")]);
    expect(value).toMatchObject({
      name: images().name("app:1"),
      version: matching(/^sha256:/),
      layers: [matching(/^sha256:/)],
      install_manifest: {
        image: { env: holding("PATH=/opt/bin:/bin", "GREETING=hi there"), user: "app" },
      },
    });
    expect((await images().pyro.run(["env", "list"])).stdout.toString()).toContain(
      `${images().name("app:1")} [installed, `,
    );
  });
});

describe("images of other kinds", () => {
  test("one without bash and GNU tools runs a command line with its sh", async () => {
    const { value } = await images().pyro.json([
      "run",
      images().name("alpine:3"),
      "--",
      "sh",
      "-c",
      "ls /etc/os-release; cat /etc/hosts",
    ]);
    expect(value).toMatchObject({ exit_code: 0, stdout: matching(/localhost/) });
  });

  test("one without a shell runs its program; a command line says what is missing", async () => {
    const own = await images().pyro.run(["run", images().name("distroless:1")]);
    expect(own.stdout.toString()).toBe("from the image\n");
    const id = (
      await images().pyro.run(["workspace", "create", images().name("distroless:1"), "--id-only"])
    ).stdout
      .toString()
      .trim();
    const exec = await images().pyro.run(["workspace", "exec", id, "--", "sh", "-c", "true"]);
    expect(exec.status).toBe(127);
    expect(exec.stderr).toContain("sh: command not found");
    for (const args of [
      ["file", "write", id, "a.txt", "--text", "a\n"],
      ["diff", id],
      ["reset", id],
      ["summary", id],
    ]) {
      expect((await images().pyro.run(["workspace", ...args])).status, args.join(" ")).toBe(0);
    }
    await images().pyro.run(["workspace", "delete", id]);
  });

  test("one of a single program, without /etc and /tmp, is a guest like others", async () => {
    expect((await images().pyro.run(["run", images().name("single:1")])).stdout.toString()).toContain(
      "uid=0 gid=0",
    );
    const { stdout } = await images().pyro.run([
      "run",
      images().name("single:1"),
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
    const { value } = await images().pyro.json(["env", "pull", images().name("debian:12")]);
    expect(value).toMatchObject({
      install_manifest: { packages: holding(expect.objectContaining({ name: "bash" })) },
    });
    const { stdout } = await images().pyro.run([
      "run",
      images().name("debian:12"),
      "--",
      "bash",
      "-c",
      "dpkg -s bash | head -1",
    ]);
    expect(stdout.toString()).toBe("Package: bash\n");
  });
});

test("a snapshot of a workspace goes out as an image and comes back as an environment", async () => {
  const created = await images().pyro.run(["workspace", "create", images().name("alpine:3"), "--id-only"]);
  const id = created.stdout.toString().trim();
  const script =
    "echo kept >/workspace/a; ln /workspace/a /workspace/b; rm /bin/hostname; rm /bin/ping; mkdir /made";
  expect((await images().pyro.run(["workspace", "exec", id, "--", "sh", "-c", script])).status).toBe(0);
  await images().pyro.run(["workspace", "snapshot", "create", id, "prepared"]);
  const layout = path.join(images().directory, "exported");
  const written = await images().pyro.json([
    "workspace",
    "snapshot",
    "export",
    id,
    "prepared",
    "--output",
    layout,
  ]);
  expect(written).toMatchObject({
    status: 0,
    value: { kind: "layout", layers: [matching(/^sha256:/), matching(/^sha256:/)] },
  });
  await run(
    "skopeo",
    "copy",
    "--dest-tls-verify=false",
    `oci:${layout}`,
    `docker://${images().name("copied:1")}`,
  );
  const pushed = await images().pyro.json([
    "workspace",
    "snapshot",
    "export",
    id,
    "prepared",
    "--output",
    images().name("pushed:1"),
  ]);
  expect(pushed).toMatchObject({ status: 0, value: { kind: "registry", output: images().name("pushed:1") } });
  const exported = [`oci:${layout}`, ...["copied:1", "pushed:1"].map((name) => images().name(name))];
  for (const name of exported) {
    const look = ["sh", "-c", "cat /workspace/b; ls -d /made /bin/hostname /bin/ping /etc/machine-id"];
    const { stdout } = await images().pyro.run(["run", name, "--", ...look]);
    expect(stdout.toString()).toBe("kept\n/etc/machine-id\n/made\n");
  }
  const again = await images().pyro.run([
    "workspace",
    "snapshot",
    "export",
    id,
    "prepared",
    "--output",
    layout,
  ]);
  expect(again.status).toBe(4);
  const denied = await images().openRegistry("export-denied", { auth: "basic" });
  const refused = await images().pyro.json([
    ...["workspace", "snapshot", "export", id, "baseline", "--output", images().name("denied:1", denied)],
  ]);
  expect(refused).toMatchObject({ status: 5, value: { error: { code: "registry_denied" } } });
  await images().pyro.run(["workspace", "delete", id]);
});

test("a workspace of packages goes out as an image, too", async () => {
  await using shared = await TestPyro.create();
  const created = await shared.run(["workspace", "create", "debian:12-base", "--id-only"]);
  const id = created.stdout.toString().trim();
  await shared.run(["workspace", "exec", id, "--", "sh", "-c", "echo here >made"]);
  await shared.run(["workspace", "snapshot", "create", id, "prepared"]);
  const output = images().name("from-packages:1");
  expect(
    (await shared.run(["workspace", "snapshot", "export", id, "prepared", "--output", output])).status,
  ).toBe(0);
  await shared.run(["workspace", "delete", id]);
  const { stdout } = await images().pyro.run([
    "run",
    output,
    "--",
    "bash",
    "-c",
    "cat /workspace/made; dpkg -s bash | head -1",
  ]);
  expect(stdout.toString()).toBe("here\nPackage: bash\n");
});
