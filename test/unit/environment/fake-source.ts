// A source that writes a small tree, and remembers how often it was asked.

import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SourceName } from "../../../src/environment/catalogue.js";
import type { EnvironmentSource, SourceRequest, SourceResult } from "../../../src/environment/source.js";

export class FakeSource implements EnvironmentSource {
  readonly name: SourceName;
  /** Installations begun. */
  count = 0;
  /** Called in the middle of each installation. */
  during: (request: SourceRequest) => Promise<void> | void = () => undefined;

  constructor(name: SourceName = "packages") {
    this.name = name;
  }

  async install(request: SourceRequest): Promise<SourceResult> {
    this.count++;
    const bin = path.join(request.rootfsDir, "usr", "bin");
    await mkdir(bin, { recursive: true });
    await writeFile(path.join(bin, "tool"), `#!/bin/sh\necho ${request.entry.name}\n`, { mode: 0o755 });
    await symlink("usr/bin", path.join(request.rootfsDir, "bin"));
    await writeFile(path.join(request.workDir, "left"), "over");
    await this.during(request);
    return { mirrors: ["http://mirror.example/debian bookworm"] };
  }
}
