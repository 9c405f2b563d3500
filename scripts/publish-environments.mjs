// Builds the environments of the catalogue from their distribution's packages and pushes each to a registry as an
// image of one layer: REGISTRY/debian:12 and so on. What a build says about its own moment is left out, so that the
// same packages become the same digest. Wants the built product, and root.
// Usage: publish-environments.mjs REGISTRY [NAME...]; INSECURE=1 for a registry without TLS.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { makeImage } from "../dist/environment/image/make-image.js";

const [registry, ...chosen] = process.argv.slice(2);
if (!registry) {
  console.error("usage: publish-environments.mjs REGISTRY [NAME...]");
  process.exit(2);
}
if (process.getuid() !== 0) {
  // The files of an ordinary user's install are all that user's: other owners are lost, and so is the digest.
  console.error(
    "publish-environments.mjs: only root's installs have the owners that packages give; run it as root",
  );
  process.exit(2);
}

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
const cacheDir = path.join(work, "environments");
const environment = {
  ...process.env,
  PYRO_ENVIRONMENT_CACHE_DIR: cacheDir,
  PYRO_STATE_DIR: path.join(work, "state"),
};
const pyro = (...words) =>
  execFileSync("bin/pyro", words, {
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
  });

// Ctrl-C reaches the children, too: what they do fails, and the end of this program clears up.
const interrupt = new AbortController();
process.on("SIGINT", () => interrupt.abort(new Error("interrupted")));
try {
  const names =
    chosen.length > 0
      ? chosen
      : JSON.parse(pyro("env", "list", "--json")).environments.map((entry) => entry.name);
  for (const name of names) await publish(name);
} catch (error) {
  console.error(
    `error: ${error.message}\nhint: ${error.hint ?? "Check the registry's name and the network."}`,
  );
  process.exitCode = 1;
} finally {
  pyro("daemon", "stop", "--force");
  rmSync(work, { recursive: true, force: true });
}

async function publish(name) {
  pyro("env", "pull", name, "--source", "packages");
  const details = JSON.parse(pyro("env", "inspect", name, "--json"));
  const rootfsDir = path.join(details.install_dir, "rootfs");
  setPasswordDay(path.join(rootfsDir, "etc/shadow"));
  const reference = `${registry}/${name}`;
  const { digest } = await makeImage({
    cacheDir,
    rootfsDir,
    exclude: VOLATILE,
    labels: {
      "org.opencontainers.image.title": name,
      "org.opencontainers.image.description": details.description,
      "org.opencontainers.image.version": details.version,
    },
    output: { reference },
    insecureHosts: process.env.INSECURE === "1" ? [registry.split("/")[0]] : [],
    signal: interrupt.signal,
    onProgress: ({ phase }, isNewPhase) => isNewPhase && console.error(`${reference}: ${phase}`),
    onWaiting: ({ reason }) => console.error(`${reference}: waiting for ${reason}`),
  });
  console.log(`${reference}@${digest}`);
}

/** shadow(5) has the day on which each password was set, which for all of these is the day of the build. */
function setPasswordDay(file) {
  const { mode } = statSync(file);
  chmodSync(file, 0o600);
  // An empty field: passwords have no age. All of them are locked.
  writeFileSync(file, readFileSync(file, "utf8").replace(/^([^:\n]*:[^:\n]*):\d+:/gm, "$1::"));
  chmodSync(file, mode);
}
