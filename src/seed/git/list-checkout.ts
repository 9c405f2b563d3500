// Lists a checkout into the tree of a seed: tracked files as they are, untracked ones that are not ignored, and by the
// same rules what submodules and other checkouts inside have.

import path from "node:path";
import { toBytePath, toHostPath } from "../../platform/byte-path.js";
import { type FreezeContext, makeBreather } from "../freeze/freeze-context.js";
import { checkEntryCount } from "../freeze/seed-limits.js";
import type { SkippedPaths } from "../freeze/skipped-paths.js";
import { walkDirectory } from "../freeze/walk-directory.js";
import type { CheckoutTree } from "./checkout-tree.js";
import { type Checkout, openCheckout } from "./find-checkout.js";
import { listUntracked } from "./list-untracked.js";
import { openRepositoryView, type RepositoryView } from "./repository-view.js";

const TYPE_MASK = 0o170000;
const GITLINK = 0o160000;

/** A directory of a checkout, and where it is in the seed. */
export interface ListedPlace {
  readonly view: RepositoryView;
  /** Absolute, as the host's own programs spell it. */
  readonly hostDir: string;
  /** The same, relative to the checkout's top. */
  readonly prefix: string;
  /** The same, relative to the seed's root. */
  readonly directory: string;
}

export class CheckoutLister {
  /** What the seed depends on besides the files: one line for each checkout. */
  readonly facts: string[] = [];
  readonly #tree: CheckoutTree;
  readonly #viewsDir: string;
  readonly #skipped: SkippedPaths;
  readonly #context: FreezeContext;
  #hasInner = false;

  /** `viewsDir`: where our views of checkouts inside are made. */
  constructor(tree: CheckoutTree, viewsDir: string, skipped: SkippedPaths, context: FreezeContext) {
    this.#tree = tree;
    this.#viewsDir = viewsDir;
    this.#skipped = skipped;
    this.#context = context;
  }

  async list({ view, hostDir, prefix, directory }: ListedPlace): Promise<void> {
    const { commit, checkout, index, ownExcludes } = view;
    this.facts.push(
      [directory, checkout.head.text, commit, index.digest, ownExcludes?.toString("latin1")].join("\0"),
    );
    const listing = listUntracked(view, hostDir, this.#context.signal);
    // It is awaited below; when the loop before it fails, that failure is the one to tell.
    listing.catch(() => undefined);
    const inside = await this.#addTracked(view, prefix, directory);
    const { files, repositories } = await listing;
    const isRepositorys = makeRepositoryTest(checkout, hostDir);
    for (const file of files) if (!isRepositorys(file)) this.#tree.addFile(below(directory, file));
    for (const repository of repositories) inside.push(below(directory, repository));
    checkEntryCount(this.#tree.size);
    this.#hasInner ||= inside.length > 0;
    for (const nested of inside) await this.#listInside(nested);
  }

  /** Returns the submodules. */
  async #addTracked({ index }: RepositoryView, prefix: string, directory: string): Promise<string[]> {
    const breathe = makeBreather(this.#context, {
      phase: "scan",
      unit: "entries",
      total: index.entries.length,
    });
    const start = prefix === "" ? "" : `${prefix}/`;
    const submodules: string[] = [];
    let previous: string | undefined;
    for (const [done, { path: tracked, mode }] of index.entries.entries()) {
      await breathe(done);
      // A path in conflict has up to three entries.
      if (tracked === previous || !tracked.startsWith(start)) continue;
      previous = tracked;
      const place = below(directory, tracked.slice(start.length));
      if ((mode & TYPE_MASK) === GITLINK) submodules.push(place);
      else this.#tree.addFile(place);
    }
    return submodules;
  }

  /** Whether there are checkouts inside. */
  get hasInner(): boolean {
    return this.#hasInner;
  }

  /** A checkout in a checkout gives its files, but not its repository. */
  async #listInside(directory: string): Promise<void> {
    if (!this.#tree.addDirectory(directory)) return;
    const hostDir = toHostPath(this.#tree.root, directory);
    const checkout = hostDir === undefined ? undefined : openCheckout(hostDir);
    if (checkout) {
      const gitDir = path.join(this.#viewsDir, String(this.facts.length));
      const { homeDir } = this.#context.request;
      const view = await openRepositoryView(checkout, { gitDir, homeDir, signal: this.#context.signal });
      await this.list({ view, hostDir: checkout.top, prefix: "", directory });
      return;
    }
    const repository = `${directory}/.git`;
    const entries = await walkDirectory(this.#tree.root, directory, this.#skipped, this.#context);
    this.#tree.addAll(
      entries.filter((entry) => entry.path !== repository && !entry.path.startsWith(`${repository}/`)),
    );
  }
}

/**
 * Tells of a path relative to `hostDir` whether it is the repository's own: with `--separate-git-dir` that can be
 * anywhere, with any name, and git itself takes it for untracked files.
 */
function makeRepositoryTest({ gitDir, commonDir }: Checkout, hostDir: string): (path: string) => boolean {
  const starts = [gitDir, commonDir].map((directory) => `${toBytePath(path.relative(hostDir, directory))}/`);
  return (file) => starts.some((start) => file.startsWith(start));
}

function below(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}
