// The packages of a Debian tree, from dpkg's own database: deb-control(5), dpkg-query(1).

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/**
 * Reads the text of /var/lib/dpkg/status. Packages that are not fully installed are left out; images without dpkg have
 * the same text without a word of that.
 */
export function parseDpkgStatus(text: string): InstalledPackage[] {
  const packages: InstalledPackage[] = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    const field = (name: string) => new RegExp(`^${name}: *(.+)$`, "m").exec(paragraph)?.[1]?.trim();
    const name = field("Package");
    const version = field("Version");
    const architecture = field("Architecture");
    const status = field("Status");
    if (!name || !version || !architecture) continue;
    if (status !== undefined && !status.endsWith(" ok installed")) continue;
    packages.push({ name, version, architecture });
  }
  return packages;
}
