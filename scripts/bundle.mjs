// Bundles what starts often, CLI, daemon and the thread that freezes seeds, into dist/bundle/: loading a few hundred
// small modules would cost each start more than the rest of it. The SDK stays as tsc makes it.
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { rolldown } from "rolldown";

const OUT = "dist/bundle";

rmSync(OUT, { recursive: true, force: true });
const bundle = await rolldown({
  input: {
    cli: "dist/cli/main.js",
    daemon: "dist/daemon/main.js",
    "seed-worker": "dist/seed/worker/main.js",
  },
  platform: "node",
  // Its other form asks for its own files at run time, where a bundle has none.
  resolve: { alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" } },
  logLevel: "warn",
});
const { output } = await bundle.write({ dir: OUT, format: "esm", sourcemap: false });
await bundle.close();

// The licences of what was bundled go with it.
const packages = new Set(
  output
    .flatMap((chunk) => ("moduleIds" in chunk ? chunk.moduleIds : []))
    .map((id) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1])
    .filter((name) => name !== undefined),
);
mkdirSync(`${OUT}/licenses`, { recursive: true });
for (const name of packages) {
  const licence = ["LICENSE", "LICENSE.md", "LICENCE"]
    .map((file) => `node_modules/${name}/${file}`)
    .find(existsSync);
  // NOTICE names the licence of a package that ships none of its own.
  if (licence) copyFileSync(licence, `${OUT}/licenses/${name.replaceAll("/", "_")}`);
}
console.log(`[build] bundled ${[...packages].sort().join(", ")}`);
