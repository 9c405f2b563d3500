// Builds the catalogue's environments from packages and pushes them as images: publish-environments.mjs HOST[:PORT][/PATH].
// The same packages give the same digests. `PYRO_CATALOG_REGISTRY` of whoever shall use them is the same argument.

import { CATALOGUE } from "../dist/environment/catalogue.js";
import { EnvironmentStore } from "../dist/environment/environment-store.js";
import { makeImage } from "../dist/environment/image/make-image.js";
import { resolveSettings } from "../dist/platform/settings.js";

const [registry] = process.argv.slice(2);
if (!registry) {
  console.error("usage: make publish-environments REGISTRY=HOST[:PORT][/PATH]");
  process.exit(2);
}

const settings = resolveSettings();
const store = new EnvironmentStore(settings.environmentCacheDir);
for (const { name } of CATALOGUE) {
  const install = await store.pull(name, { source: "packages" });
  const reference = `${registry}/${name}`;
  const { digest } = await makeImage({
    cacheDir: store.cacheDir,
    rootfsDir: install.rootfsDir,
    output: { reference },
    insecureHosts: settings.insecureRegistries,
    signal: undefined,
  });
  console.log(`[publish] ${reference} ${digest}`);
}
