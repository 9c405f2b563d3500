// The source that builds a tree on the spot from Debian's signed packages, with mmdebstrap.

import { access, chmod, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { PyroError } from "../contract/errors.js";
import { findProgram } from "../platform/find-program.js";
import { HOST_ENV, runProcess } from "../platform/processes.js";
import type { CatalogueEntry } from "./catalogue.js";
import {
  chooseMirrors,
  DEBIAN_KEYRING,
  defaultMirrors,
  formatMirror,
  formatSourcesList,
} from "./debian-mirrors.js";
import { readAptSources, readDownloadSettings } from "./host-apt.js";
import { APT_CONF_NAME, buildMmdebstrapCommand, MERGED_USR_HOOK } from "./mmdebstrap-command.js";
import { explainMmdebstrapFailure } from "./mmdebstrap-failure.js";
import { MmdebstrapProgress } from "./mmdebstrap-progress.js";
import { hasIdRange, missingIdRange } from "./subordinate-ids.js";
import type { EnvironmentSource, SourceRequest, SourceResult } from "./source.js";

/** apt gives up on a dead mirror much earlier; this ends what hangs in a way nobody thought of. */
const DEADLINE_MS = 60 * 60 * 1000;
const GUEST_APT_CONF = 'APT::Install-Recommends "false";\nAcquire::Languages "none";\n';

export interface PackagesSourceOptions {
  /** Where the host's source lists are. */
  readonly aptDir?: string;
}

export class PackagesSource implements EnvironmentSource {
  readonly name = "packages";
  readonly #aptDir: string;

  constructor(options: PackagesSourceOptions = {}) {
    this.#aptDir = options.aptDir ?? "/etc/apt";
  }

  async install(request: SourceRequest): Promise<SourceResult> {
    const { entry, rootfsDir, workDir, signal, onProgress } = request;
    const asRoot = process.geteuid?.() === 0;
    await requireTools(asRoot);
    const mirrors = chooseMirrors(entry.release, await readAptSources(this.#aptDir));
    await writeFile(path.join(workDir, APT_CONF_NAME), GUEST_APT_CONF + (await readDownloadSettings(signal)));
    const progress = new MmdebstrapProgress();
    const hasMergedUsrHook = await exists(MERGED_USR_HOOK);
    const result = await runProcess(buildMmdebstrapCommand({ entry, workDir, asRoot, hasMergedUsrHook }), {
      env: { ...HOST_ENV, TMPDIR: "/tmp" },
      cwd: rootfsDir,
      stdin: formatSourcesList(mirrors),
      timeoutMs: DEADLINE_MS,
      onStderrLine: (line) => {
        const told = progress.push(line);
        if (told) onProgress(told);
      },
      ...(signal && { signal }),
    });
    if (result.timedOut)
      throw new PyroError("source_unavailable", "installing the packages took over an hour");
    if (result.exitCode !== 0) throw explainMmdebstrapFailure(result.stderr);
    await forgetHostApt(rootfsDir, entry);
    return { mirrors: mirrors.map(formatMirror) };
  }
}

/** Throws program_missing, with the cure, when this host lacks what a pull from packages needs. */
export async function requireTools(asRoot: boolean): Promise<void> {
  const missing: string[] = [];
  if (!(await findProgram("mmdebstrap"))) missing.push("mmdebstrap");
  if (!(await exists(DEBIAN_KEYRING))) missing.push("debian-archive-keyring");
  if (!asRoot && !(await findProgram("newuidmap"))) missing.push("uidmap");
  if (missing.length > 0) {
    throw new PyroError("program_missing", `this host lacks ${missing.join(", ")}`, {
      hint: `As root: \`apt-get install -y ${missing.join(" ")}\`.`,
      details: { missing_packages: missing },
    });
  }
  if (!asRoot && !(await hasIdRange())) throw missingIdRange();
}

/** Takes the host's mirrors, proxies and time-outs out of the guest's apt. */
async function forgetHostApt(rootfsDir: string, entry: CatalogueEntry): Promise<void> {
  const apt = path.join(rootfsDir, "etc", "apt");
  await rm(path.join(apt, "apt.conf.d", "99mmdebstrap"), { force: true });
  await replaceFile(path.join(apt, "apt.conf.d", "90pyro"), GUEST_APT_CONF);
  await replaceFile(path.join(apt, "sources.list"), formatSourcesList(defaultMirrors(entry.release)));
}

async function replaceFile(file: string, text: string): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, text, { flag: "wx" });
  await chmod(file, 0o644);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
