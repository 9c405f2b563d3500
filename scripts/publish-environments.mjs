// Builds the environments of the catalogue from their distribution's packages and pushes each to a registry as an
// image of one layer: REGISTRY/debian:12 and so on. What a build says about its own moment is left out, so that the
// same packages become the same digest.
// Usage: publish-environments.mjs REGISTRY [NAME...]; INSECURE=1 for a registry without TLS.
import { execFileSync, spawn } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

const [registry, ...chosen] = process.argv.slice(2);
if (!registry) {
  console.error("usage: make publish-environments REGISTRY=HOST[/PATH] [INSECURE=1]");
  process.exit(2);
}

// What pyro puts into every tree by itself.
const OWN = ["run/pyro", "tmp/.pyro-keep", "usr/lib/pyro"];
// Logs, caches and backups: nothing in a guest reads them, and each build writes them anew.
const VOLATILE = [
  "etc/group-",
  "etc/gshadow-",
  "etc/passwd-",
  "etc/shadow-",
  "etc/subgid-",
  "etc/subuid-",
  "var/cache/debconf/config.dat-old",
  "var/cache/debconf/templates.dat-old",
  "var/cache/ldconfig/aux-cache",
  "var/lib/dpkg/status-old",
  "var/log/alternatives.log",
  "var/log/apt",
  "var/log/bootstrap.log",
  "var/log/dpkg.log",
];

// A cache and a daemon of its own: what is published comes from nothing that was installed here before.
const work = mkdtempSync(path.join(tmpdir(), "pyro-publish-"));
const environment = {
  ...process.env,
  PYRO_ENVIRONMENT_CACHE_DIR: path.join(work, "environments"),
  PYRO_STATE_DIR: path.join(work, "state"),
};
const pyro = (...words) =>
  execFileSync("bin/pyro", words, {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });

// Ctrl-C reaches the children, too: what they do fails, and the end of this program clears up.
process.on("SIGINT", () => undefined);
try {
  mkdirSync(path.join(work, "blobs"));
  const names =
    chosen.length > 0
      ? chosen
      : JSON.parse(pyro("env", "list", "--json")).environments.map((entry) => entry.name);
  for (const name of names) await publish(name);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
} finally {
  pyro("daemon", "stop", "--force");
  rmSync(work, { recursive: true, force: true });
}

async function publish(name) {
  pyro("env", "pull", name, "--source", "packages");
  const details = JSON.parse(pyro("env", "inspect", name, "--json"));
  const rootfsDir = path.join(details.install_dir, "rootfs");
  const created = newestPackageTime(rootfsDir);
  setPasswordDay(path.join(rootfsDir, "etc/shadow"), created);
  const reference = `${registry}/${name}`;
  const result = await push({
    base: { rootfs_dir: rootfsDir, exclude: [...OWN, ...VOLATILE] },
    blobs_dir: path.join(work, "blobs"),
    reference,
    created,
    config: {
      cmd: ["/bin/bash"],
      env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    },
    labels: {
      "org.opencontainers.image.title": name,
      "org.opencontainers.image.description": details.description,
      "org.opencontainers.image.version": details.version,
    },
    insecure_hosts: process.env.INSECURE === "1" ? [registry.split("/")[0]] : [],
  });
  console.log(`${reference}@${result.digest}`);
}

/** Runs the helper. Its input stays open until it ends: the end of it would cancel the push. */
async function push(request) {
  const helper = spawn("libexec/pyro-helper", ["image", "push"], { stdio: ["pipe", "pipe", "inherit"] });
  helper.stdin.write(`${JSON.stringify(request)}\n`);
  let last = {};
  for await (const line of createInterface({ input: helper.stdout })) last = JSON.parse(line);
  if (last.event !== "result")
    throw new Error(
      `cannot push ${request.reference}: ${last.message ?? "interrupted"}\nhint: ${last.hint ?? "Check the registry's name and the network."}`,
    );
  return last;
}

/** shadow(5) has the day on which each password was set, which for all of these is the day of the build. */
function setPasswordDay(file, created) {
  const day = Math.floor(Date.parse(created) / 86_400_000);
  const { mode } = statSync(file);
  chmodSync(file, 0o600);
  writeFileSync(file, readFileSync(file, "utf8").replace(/^([^:\n]*:[^:\n]*):\d+:/gm, `$1:${day}:`));
  chmodSync(file, mode);
}

/** When the newest package was built, by its licence file: later times are those of the installation. */
function newestPackageTime(rootfsDir) {
  const docs = path.join(rootfsDir, "usr/share/doc");
  const times = readdirSync(docs).map(
    (name) => statSync(path.join(docs, name, "copyright"), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  );
  return new Date(Math.max(...times)).toISOString().replace(/\.\d+Z$/, "Z");
}
