// Credentials for registries: used, and nowhere to be seen; credential helpers that work, are missing, fail or hang.

import { once } from "node:events";
import { chmod, mkdtemp, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { answer, during, hold, of, redirect } from "../helpers/images/faults.js";
import { FaultyPull, pushSample, SETTLE } from "../helpers/images/faulty-pull.js";
import type { PushedImage } from "../helpers/images/push-layers.js";
import { PASSWORD, USER, type Registry } from "../helpers/images/registry.js";
import { matching, useImages } from "../helpers/images/use-images.js";
import { findProcessesWith } from "../helpers/processes-with.js";
import { filesWith, processesShowing } from "../helpers/secret-traces.js";

const images = useImages(false);
let sample: PushedImage;
const guarded = new Map<string, Registry>();
beforeAll(async () => {
  sample = await pushSample(images().registry);
  for (const auth of ["basic", "token"] as const)
    guarded.set(auth, await images().openRegistry(auth, { auth }));
});

/** A pull by a pyro that has this configuration of Docker's for the proxy, and finds these programs. */
async function openWith(auth: string, config: (host: string) => object, programs = ""): Promise<FaultyPull> {
  const login = await mkdtemp(path.join(images().directory, "login-"));
  const registry = guarded.get(auth);
  if (!registry) throw new Error(`no registry wants ${auth}`);
  const env = {
    ...{ DOCKER_CONFIG: login, PYRO_LOG: "debug" },
    ...(programs !== "" && { PATH: `${programs}:${process.env["PATH"] ?? ""}` }),
  };
  const pull = await FaultyPull.open(images(), sample, { registry, env });
  await writeFile(path.join(login, "config.json"), JSON.stringify(config(pull.proxy.host)));
  return pull;
}

const knowsPassword = (host: string) => ({
  auths: { [host]: { auth: Buffer.from(`${USER}:${PASSWORD}`).toString("base64") } },
});

/** All that was sent as credentials, and what it was made of. */
function secretsOf({ proxy }: FaultyPull): readonly string[] {
  return [PASSWORD, ...[...proxy.credentials].map((header) => header.replace(/^\w+ /, ""))];
}

describe("credentials are in no output, file or process", () => {
  test.each(["basic", "token"])("%s, while a pull runs, when it fails, and when it is done", async (auth) => {
    await using pull = await openWith(auth, knowsPassword);
    const { cacheDir, stateDir, environmentCacheDir, runtimeDir } = pull.pyro.settings;
    const places = [cacheDir, stateDir, environmentCacheDir, runtimeDir];
    pull.proxy.break(hold(of(pull.large.digest), 1));
    const child = pull.pyro.start(["env", "pull", pull.reference]);
    let told = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => (told += chunk.toString()));
    }
    await vi.waitFor(async () => expect(await pull.storedBytes()).toBeGreaterThan(0), SETTLE);
    expect((await pull.helpers()).length).toBeGreaterThan(0);
    const secrets = secretsOf(pull);
    expect(secrets.length).toBeGreaterThan(auth === "basic" ? 1 : 2);
    for (const secret of secrets) expect(await processesShowing(secret)).toEqual([]);
    child.kill("SIGINT");
    await once(child, "close");

    // A registry that says back whatever it was told.
    const echo = secretsOf(pull).join(" ");
    pull.proxy.break(answer(during("manifest"), 403, { "content-type": "text/plain" }, echo));
    const human = await pull.pyro.run(["env", "pull", pull.reference]);
    const failed = await pull.pull();
    expect(failed).toMatchObject({ status: 5, value: { error: { code: "registry_denied" } } });
    expect(human.stderr).toMatch(/error: .*denies access.*\nhint: Log in/);

    pull.proxy.break();
    const done = await pull.pull();
    expect(done.status).toBe(0);
    const inspected = await pull.pyro.json(["env", "inspect", pull.reference]);
    const outputs = told + human.stderr + JSON.stringify([failed, done, inspected]);
    for (const secret of secretsOf(pull)) {
      expect(outputs).not.toContain(secret);
      for (const place of places) expect(await filesWith(place, secret)).toEqual([]);
    }
  });

  test("the query of an address that a registry sends to", async () => {
    await using pull = await FaultyPull.open(images(), sample, { env: { PYRO_LOG: "debug" } });
    const answers: unknown[] = [];
    for (const host of ["169.254.169.254", "localhost:9"]) {
      pull.proxy.break(redirect(during("blob"), `http://u:Pa55w@${host}/blob?signature=s1gnature`));
      answers.push((await pull.pull()).value);
    }
    expect(answers).toMatchObject([
      { error: { code: "image_hostile" } },
      { error: { code: "registry_unreachable" } },
    ]);
    const log = await readFile(path.join(pull.pyro.settings.stateDir, "daemon.log"), "utf8");
    expect(JSON.stringify(answers) + log).not.toMatch(/s1gnature|Pa55w/);
  });

  test.each([
    [["env", "pull", "u:s3cret-word@localhost:1/team/x:1"], 2],
    [["env", "inspect", "https://u:s3cret-word@localhost:1/team/x:1"], 2],
    [["run", "u:s3cret-word@localhost:1/team/x:1", "--", "true"], 2],
    [["workspace", "create", "s3cret-word@localhost:1/team/x:1"], 2],
    [
      [
        "workspace",
        "snapshot",
        "export",
        "ws_aaaaaaaaaaaa",
        "baseline",
        "--output",
        "u:s3cret-word@host/x:1",
      ],
      2,
    ],
  ])("a reference that holds some is refused: %s", async (argv, status) => {
    const failed = await images().pyro.run(argv);
    expect(failed.status).toBe(status);
    expect(failed.stderr).toMatch(/error: .*`@`.*\nhint: .*docker login HOST/);
    expect(failed.stderr + failed.stdout.toString()).not.toContain("s3cret-word");
    expect(await filesWith(images().pyro.directory, "s3cret-word")).toEqual([]);
  });
});

describe("a credential helper", () => {
  /** A directory with `docker-credential-NAME`, which does what the script says. */
  async function makeProgram(name: string, script: string): Promise<string> {
    const directory = await mkdtemp(path.join(images().directory, "programs-"));
    const program = path.join(directory, `docker-credential-${name}`);
    await writeFile(program, `#!/bin/sh\n${script}\n`);
    await chmod(program, 0o755);
    return directory;
  }

  test("that knows the password is asked for it", async () => {
    const known = JSON.stringify({ Username: USER, Secret: PASSWORD });
    const programs = await makeProgram("good", `read -r server; echo '${known}'`);
    await using pull = await openWith("basic", (host) => ({ credHelpers: { [host]: "good" } }), programs);
    expect((await pull.pull()).status).toBe(0);
  });

  test.each([
    [
      "that is missing",
      "none",
      "",
      /the credential helper docker-credential-none is not installed$/,
      /Install it/,
    ],
    [
      "that prints something else",
      "odd",
      "echo printed-word",
      /the credential helper answers with something else$/,
      /credential helper/,
    ],
    [
      "that fails",
      "bad",
      "echo printed-word; echo printed-word >&2; exit 3",
      /could not be read: the credential helper failed, exit status 3$/,
      /credential helper/,
    ],
    ["that hangs", "slow", "exec sleep 1000", /does not answer$/, /Run it by hand/],
  ])("%s is named as the cause", async (_, name, script, message, hint) => {
    const programs = script === "" ? "" : await makeProgram(name, script);
    await using pull = await openWith("basic", (host) => ({ credHelpers: { [host]: name } }), programs);
    const failed = await pull.pull();
    expect(failed).toMatchObject({
      status: 5,
      value: { error: { code: "registry_denied", message: matching(message), hint: matching(hint) } },
    });
    expect(JSON.stringify(failed)).not.toContain("printed-word");
    expect(await filesWith(pull.pyro.settings.stateDir, "printed-word")).toEqual([]);
    await pull.expectHelperGone();
    expect(await sleepers(pull.pyro.directory)).toEqual([]);
    await pull.expectNothingHalfMade();
  });

  test("that hangs is gone after Ctrl-C", async () => {
    const programs = await makeProgram("stuck", "exec sleep 1000");
    await using pull = await openWith("basic", (host) => ({ credHelpers: { [host]: "stuck" } }), programs);
    const child = pull.pyro.start(["env", "pull", pull.reference]);
    await vi.waitFor(async () => expect(await sleepers(pull.pyro.directory)).toHaveLength(1), SETTLE);
    child.kill("SIGINT");
    await once(child, "close");
    await pull.expectHelperGone();
    await vi.waitFor(async () => expect(await sleepers(pull.pyro.directory)).toEqual([]), SETTLE);
  });
});

/** Credential helpers that hang, of the pyro whose home this is. */
async function sleepers(home: string): Promise<string[]> {
  return (await findProcessesWith(home)).filter((line) => line.includes("sleep 1000"));
}
