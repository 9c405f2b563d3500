// A tree as distroless images': a dynamic program with its library, certificates, users; no shell, no tools.

import { copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { compileGuestProgram } from "./guest-program.js";
import { addHostLibraries } from "./host-libraries.js";

const LIBRARIES = "lib/x86_64-linux-gnu";
const LOADER = "ld-linux-x86-64.so.2";
const CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";

const RELEASE = 'PRETTY_NAME="Distroless"\nNAME="Debian GNU/Linux"\nID="debian"\nVERSION_ID="12"\n';

/** As in dpkg's database, but nothing is said about what has been installed. */
const PACKAGE = "Package: libc6\nVersion: 2.36-9+deb12u9\nArchitecture: amd64\n";

export async function makeDistrolessTree(tree: string): Promise<void> {
  const program = path.join(tree, "usr/bin/guest-program");
  for (const folder of ["etc/ssl/certs", "home/nonroot", "lib64", "tmp", "var/lib/dpkg/status.d"]) {
    await mkdir(path.join(tree, folder), { recursive: true });
  }
  await compileGuestProgram(program, "glibc");
  await addHostLibraries(path.join(tree, LIBRARIES), [program]);
  await symlink(`../${LIBRARIES}/${LOADER}`, path.join(tree, "lib64", LOADER));
  await copyFile(`/${CERTIFICATES}`, path.join(tree, CERTIFICATES));
  const users =
    "root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n";
  await writeFile(path.join(tree, "etc/passwd"), users);
  await writeFile(path.join(tree, "etc/group"), "root:x:0:\nnonroot:x:65532:\n");
  await writeFile(path.join(tree, "etc/os-release"), RELEASE);
  await writeFile(path.join(tree, "var/lib/dpkg/status.d/libc6"), PACKAGE);
}
