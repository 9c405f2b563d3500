// Secrets of workspaces: where they are, and everywhere that they are not.

import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Client } from "../../src/client/client.js";
import type { OnEvent } from "../../src/contract/events.js";
import { signalProcess, waitForExit } from "../../src/platform/process-identity.js";
import { connectClient, findMachineId, findSandbox } from "../helpers/connected-client.js";
import { killDaemon } from "../helpers/daemon.js";
import { filesWith, processesShowing } from "../helpers/secret-traces.js";
import { startService } from "../helpers/services.js";
import type { TestPyro } from "../helpers/test-pyro.js";
import { useClient } from "../helpers/use-client.js";
import { createWorkspace, makeProject, sh } from "../helpers/workspace.js";

/** Of letters alone: no spelling of it that a shell or JSON would change. */
const TOKEN = "hunterTwoHunterTwo";
const KEY = Buffer.from("line one of the key\nand line two of it\0\xff\n", "latin1");
const EXIT_TIMEOUT_MS = 10_000;

const connected = useClient({ PYRO_LOG: "debug" });

async function create(client: Client, pyro: TestPyro, name: string) {
  const keyFile = path.join(pyro.directory, "key");
  await writeFile(keyFile, KEY, { mode: 0o600 });
  const secrets = [
    { name: "TOKEN", value: TOKEN },
    { name: "KEY", file_path: keyFile },
    { name: "PIN", value: "12345" },
  ];
  return createWorkspace(client, { name, secrets });
}

const storedFile = (pyro: TestPyro, id: string) => path.join(pyro.settings.stateDir, "secrets", `${id}.json`);

describe("in the guest", () => {
  test("a secret is a file for root on a tmpfs of its own, byte for byte, and a variable where it is asked for", async () => {
    const { client, pyro } = connected();
    const { workspace_id, secrets } = await create(client, pyro, "inside");
    expect(secrets).toEqual([
      { name: "TOKEN", source_kind: "literal", redacted: true },
      { name: "KEY", source_kind: "file", redacted: true },
      { name: "PIN", source_kind: "literal", redacted: false },
    ]);
    const looks = "stat -c '%a %U %s' /run/pyro-secrets /run/pyro-secrets/*; stat -f -c %T /run/pyro-secrets";
    expect(await sh(client, workspace_id, looks)).toBe(
      "700 root 100\n400 root 41\n400 root 5\n400 root 18\ntmpfs\n",
    );
    const sums = await sh(client, workspace_id, 'cksum < /run/pyro-secrets/KEY; printf %s "$TOKEN" | wc -c');
    const given = await client.invoke("workspace_exec", {
      workspace_id,
      command: 'printf %s "$T" | cmp - /run/pyro-secrets/TOKEN && echo "$P $T"',
      secret_env: { TOKEN: "T", PIN: "P" },
    });
    expect(sums.split("\n")[1]).toBe("0");
    expect(given).toMatchObject({ stdout: "12345 [redacted:TOKEN]\n", exit_code: 0 });
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("what a variable cannot hold, and a secret that there is not, are refused in words", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await create(client, pyro, "refused");
    const ask = (secret_env: Record<string, string>) =>
      client.invoke("workspace_exec", { workspace_id, command: "true", secret_env });
    await expect(ask({ NOPE: "X" })).rejects.toMatchObject({
      code: "invalid_input",
      message: "secret_env: the workspace has no secret NOPE; it has TOKEN, KEY, PIN",
    });
    await expect(ask({ KEY: "X" })).rejects.toThrow("KEY holds a NUL byte");
    await expect(
      createWorkspace(client, { secrets: [{ name: "A", file_path: "/nowhere" }] }),
    ).rejects.toThrow("the secret A: there is no file /nowhere");
    const both = { name: "A", value: TOKEN, file_path: "/x" };
    const refusal = await createWorkspace(client, { secrets: [both] }).catch((error: unknown) => error);
    expect(String(refusal)).toMatch(/exactly one of `value` and `file_path`/);
    expect(JSON.stringify(refusal)).not.toContain(TOKEN);
    await client.invoke("workspace_delete", { workspace_id });
  });
});

describe("what is recorded and returned", () => {
  test("shows no value: not of output in any chunks, command lines, file names, contents, patches or errors", async () => {
    const { client, pyro } = connected();
    const seed_path = await makeProject(pyro, { "a.txt": "a\n" });
    const { workspace_id } = await createWorkspace(client, {
      seed_path,
      secrets: [{ name: "TOKEN", value: TOKEN }],
    });
    const [first, second] = [TOKEN.slice(0, 7), TOKEN.slice(7)];
    const answers: unknown[] = [
      await client.invoke("workspace_exec", {
        workspace_id,
        command: [
          "sh",
          "-c",
          `printf ${first}; sleep 0.05; printf ${second}; cat /run/pyro-secrets/TOKEN >&2`,
          TOKEN,
        ],
      }),
      await client.invoke("workspace_exec", {
        workspace_id,
        command: `printf xx${TOKEN} | base64; ./${TOKEN}`,
      }),
      await client.invoke("workspace_file_write", {
        workspace_id,
        path: `${TOKEN}.txt`,
        text: `t=${TOKEN}\n`,
      }),
      await client.invoke("workspace_file_list", { workspace_id }),
      await client.invoke("workspace_file_read", { workspace_id, path: `${TOKEN}.txt` }),
      await client.invoke("workspace_diff", { workspace_id }),
      await client.invoke("workspace_logs", { workspace_id }),
      await client.invoke("workspace_summary", { workspace_id }),
      await client.invoke("workspace_status", { workspace_id }),
      await client
        .invoke("workspace_file_read", { workspace_id, path: `no/${TOKEN}` })
        .catch((error: unknown) => error),
      await client
        .invoke("workspace_exec", { workspace_id, command: "true", cwd: `/${TOKEN}` })
        .catch((error: unknown) => error),
    ];
    for (const answer of answers) {
      const text = JSON.stringify(answer) + String(answer);
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(Buffer.from(TOKEN).toString("base64").slice(2, -4));
    }
    expect(answers[0]).toMatchObject({ stdout: "[redacted:TOKEN]", stderr: "[redacted:TOKEN]" });
    expect(answers[4]).toMatchObject({ redacted: true, content: "t=[redacted:TOKEN]\n" });
    expect(answers[5]).toMatchObject({ patch_redacted: true });
    expect(String(answers[9])).toContain("[redacted:TOKEN]");
    await client.invoke("workspace_delete", { workspace_id });
    expect(await filesWith(path.join(pyro.settings.stateDir, "daemon.log"), TOKEN)).toEqual([]);
  });

  test("shows no value of a service, in its record, its log, and the files of that log in the guest", async () => {
    const { client, pyro } = connected();
    // A shell's quotes take it apart.
    const value = "it's QuotedHunter";
    const secrets = [{ name: "TOKEN", value }];
    const { workspace_id } = await createWorkspace(client, { secrets });
    await sh(client, workspace_id, 'mkdir "in $(cat /run/pyro-secrets/TOKEN)"');
    const started = await startService(client, workspace_id, "speaks", "", {
      command: [
        "sh",
        "-c",
        'printf %s "$T" | cmp - /run/pyro-secrets/TOKEN && echo "same $T $1"',
        "x",
        value,
      ],
      cwd: `in ${value}`,
      ready_command: ["test", value, "=", value],
      secret_env: { TOKEN: "T" },
    });
    const ids = { workspace_id, service_name: "speaks" };
    let followed = "";
    const onEvent: OnEvent = (event) => {
      if (event.type === "stdout") followed += Buffer.from(event.data).toString();
    };
    await client.invoke("service_logs", { ...ids, follow: true }, { onEvent });
    const log = await client.invoke("service_logs", ids);
    expect(followed).toBe(log.stdout);
    expect(log).toMatchObject({
      stdout: "same [redacted:TOKEN] [redacted:TOKEN]\n",
      stderr: "",
      cwd: "/workspace/in [redacted:TOKEN]",
      readiness: { target: "test '[redacted:TOKEN]' = '[redacted:TOKEN]'" },
    });
    expect(log.command).toContain("'[redacted:TOKEN]'");
    const failed = await startService(client, workspace_id, "missing", "", { command: [`./${value}`] });
    expect(failed).toMatchObject({ state: "failed", stop_reason: "could_not_start" });
    expect(JSON.stringify([started, failed])).not.toContain("QuotedHunter");

    const logs =
      "cat /var/lib/pyro/services/speaks/stdout; grep -rlF QuotedHun''ter /var/lib/pyro || echo none";
    expect(await sh(client, workspace_id, logs)).toBe(`${log.stdout}none\n`);
    const written = path.join(pyro.settings.stateDir, "workspaces", workspace_id);
    expect((await filesWith(written, "[redacted:TOKEN]")).join()).toContain("services.json");
    expect(await filesWith(written, "QuotedHunter")).toEqual([]);
    await client.invoke("workspace_delete", { workspace_id });
  });

  test("leaves no trace on the host, where only one private file has it, and in no process' arguments or environment", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await create(client, pyro, "traces");
    const { stateDir } = pyro.settings;
    expect((await stat(storedFile(pyro, workspace_id))).mode & 0o777).toBe(0o600);
    expect((await stat(path.join(stateDir, "secrets"))).mode & 0o777).toBe(0o700);

    let begun: () => void = () => undefined;
    const isRunning = new Promise<void>((resolve) => (begun = resolve));
    const running = client.invoke(
      "workspace_exec",
      { workspace_id, command: "cat /run/pyro-secrets/TOKEN; read line", secret_env: { TOKEN: "T" } },
      { onEvent: () => begun(), stdin: untilAsked() },
    );
    await isRunning;
    expect(await processesShowing(TOKEN)).toEqual([]);
    release();
    await running;

    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "taken" });
    await sh(client, workspace_id, "printf 'plain %s' text > file");
    await client.invoke("workspace_stop", { workspace_id });
    // Layers are searched as they are: what a command has written is found.
    expect((await filesWith(stateDir, "plain text")).join()).toContain("/layers/");
    for (const value of [TOKEN, Buffer.from(TOKEN).toString("base64"), "and line two of it"]) {
      expect(await filesWith(stateDir, value)).toEqual(
        value === Buffer.from(TOKEN).toString("base64") ? [storedFile(pyro, workspace_id)] : [],
      );
    }
    await client.invoke("workspace_delete", { workspace_id });
    expect(await readdir(path.join(stateDir, "secrets"))).not.toContain(`${workspace_id}.json`);
  });
});

let release: () => void = () => undefined;

async function* untilAsked(): AsyncGenerator<Uint8Array> {
  await new Promise<void>((resolve) => (release = resolve));
  yield Buffer.from("\n");
}

describe("secrets are there again", () => {
  const look = { command: "cat /run/pyro-secrets/TOKEN; printf ' %s' \"$T\"", secret_env: { TOKEN: "T" } };
  const expected = { stdout: "[redacted:TOKEN] [redacted:TOKEN]", exit_code: 0 };

  test("after a reset, a stop and start, a snapshot, the death of the guest, and of the daemon", async () => {
    const { client, pyro } = connected();
    const { workspace_id } = await create(client, pyro, "again");
    // Whatever a snapshot has in the place of their directory, secrets win.
    await sh(
      client,
      workspace_id,
      "umount /run/pyro-secrets && rmdir /run/pyro-secrets && ln -s /tmp /run/pyro-secrets",
    );
    await client.invoke("snapshot_create", { workspace_id, snapshot_name: "link" });
    for (const snapshot of ["baseline", "link"]) {
      await client.invoke("workspace_reset", { workspace_id, snapshot });
      expect(await client.invoke("workspace_exec", { workspace_id, ...look })).toMatchObject(expected);
    }
    await client.invoke("workspace_stop", { workspace_id });
    await client.invoke("workspace_start", { workspace_id });
    expect(await client.invoke("workspace_exec", { workspace_id, ...look })).toMatchObject(expected);

    const sandbox = await findSandbox(pyro, await findMachineId(client, workspace_id));
    await signalProcess(sandbox, "SIGKILL");
    expect(await waitForExit(sandbox, EXIT_TIMEOUT_MS)).toBe(true);
    await expect
      .poll(() => client.invoke("workspace_exec", { workspace_id, ...look }).catch(() => undefined))
      .toMatchObject(expected);

    await killDaemon(client);
    const later = await connectClient(pyro);
    expect(await later.invoke("workspace_exec", { workspace_id, ...look })).toMatchObject(expected);
    await later.invoke("workspace_delete", { workspace_id });
  });

  test("but not when they are damaged on the host: that is said, nothing is shown, and only delete helps", async () => {
    const { client, pyro } = connected();
    const damages = [
      { damage: (file: string) => rm(file), problem: /their file is missing/ },
      { damage: (file: string) => writeFile(file, '[{"name":'), problem: /their file is damaged/ },
      {
        damage: async (file: string) =>
          writeFile(file, (await readFile(file, "utf8")).replace("MTIzNDU", "MTIzNDY")),
        problem: /the secret PIN is damaged/,
      },
    ];
    const created = await Promise.all(damages.map((_, index) => create(client, pyro, `damaged-${index}`)));
    await killDaemon(client);
    const ids = created.map(({ workspace_id }) => workspace_id);
    await Promise.all(damages.map(({ damage }, index) => damage(storedFile(pyro, ids[index] ?? ""))));
    const later = await connectClient(pyro);
    for (const [index, { problem }] of damages.entries()) {
      const workspace_id = ids[index] ?? "";
      const message: unknown = expect.stringMatching(problem);
      const refusal = { code: "workspace_damaged", message };
      await expect(later.invoke("workspace_exec", { workspace_id, ...look })).rejects.toMatchObject(refusal);
      await expect(later.invoke("workspace_file_list", { workspace_id })).rejects.toMatchObject(refusal);
      expect(await later.invoke("workspace_status", { workspace_id })).toMatchObject({ state: "started" });
      await later.invoke("workspace_delete", { workspace_id });
    }
    expect(await readdir(path.join(pyro.settings.stateDir, "secrets"))).toEqual([]);
  });
});
