// A tree as Fedora's: one /usr, libraries in lib64, bash and coreutils, a database of rpm's own and no dpkg.

import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { compileGuestProgram } from "./guest-program.js";
import { addHostLibraries } from "./host-libraries.js";
import { run } from "./make-images.js";

const COREUTILS = ["ls", "cat", "id", "pwd", "echo", "env", "touch", "rm", "mkdir", "sleep", "stty", "tty"];
const PROGRAMS = ["/bin/bash", "/usr/bin/rpm", ...COREUTILS.map((name) => `/usr/bin/${name}`)];
/** Where Fedora has it since 36. */
const RPM_DATABASE = "/usr/lib/sysimage/rpm";

const SPEC = `Name: pyro-sample
Version: 1.2
Release: 3
Summary: A file
License: MIT
BuildArch: noarch
%description
A file.
%install
mkdir -p %{buildroot}/usr/share/pyro-sample
echo made by rpmbuild > %{buildroot}/usr/share/pyro-sample/text
%files
/usr/share/pyro-sample/text
`;

export async function makeFedoraTree(tree: string): Promise<void> {
  for (const folder of ["usr/bin", "usr/lib64", "usr/lib/rpm", "etc/rpm", "root", "tmp"]) {
    await mkdir(path.join(tree, folder), { recursive: true });
  }
  for (const name of ["bin", "lib", "lib64"]) await symlink(`usr/${name}`, path.join(tree, name));
  await symlink("usr/bin", path.join(tree, "sbin"));
  for (const program of PROGRAMS) await copyFile(program, path.join(tree, "usr/bin", path.basename(program)));
  await addHostLibraries(path.join(tree, "usr/lib64"), PROGRAMS);
  await symlink("bash", path.join(tree, "usr/bin/sh"));
  await compileGuestProgram(path.join(tree, "usr/bin/guest-program"), "glibc");
  // Debian's loader looks there only when it is told to.
  await writeFile(path.join(tree, "etc/ld.so.conf"), "/usr/lib64\n");
  await run("/sbin/ldconfig", "-r", tree);
  await writeFile(path.join(tree, "etc/passwd"), "root:x:0:0:root:/root:/bin/bash\n");
  await writeFile(path.join(tree, "etc/group"), "root:x:0:\n");
  const release = 'NAME="Fedora Linux"\nVERSION="40 (Container Image)"\nID=fedora\nVERSION_ID=40\n';
  await writeFile(path.join(tree, "usr/lib/os-release"), release);
  await symlink("../usr/lib/os-release", path.join(tree, "etc/os-release"));
  await installSample(tree);
}

async function installSample(tree: string): Promise<void> {
  for (const name of ["macros", "rpmrc"]) {
    await copyFile(`/usr/lib/rpm/${name}`, path.join(tree, "usr/lib/rpm", name));
  }
  await writeFile(path.join(tree, "etc/rpm/macros"), `%_dbpath ${RPM_DATABASE}\n`);
  const work = await mkdtemp(path.join(tmpdir(), "pyro-rpm-"));
  try {
    const spec = path.join(work, "sample.spec");
    await writeFile(spec, SPEC);
    await run("rpmbuild", "-bb", "--define", `_topdir ${work}`, spec);
    const rpm = ["rpm", "--root", tree, "--dbpath", RPM_DATABASE] as const;
    await mkdir(path.join(tree, RPM_DATABASE), { recursive: true });
    await run(...rpm, "--initdb");
    const built = path.join(work, "RPMS/noarch/pyro-sample-1.2-3.noarch.rpm");
    await run(...rpm, "--install", "--force-debian", "--nodeps", built);
  } finally {
    await rm(work, { recursive: true });
  }
}
