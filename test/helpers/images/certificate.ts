// A certificate for localhost, signed by itself.

import { runProcess } from "../../../src/platform/processes.js";

export async function makeCertificate(certificate: string, key: string): Promise<void> {
  const { exitCode, stderr } = await runProcess([
    ...(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"] as const),
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ...["-keyout", key, "-out", certificate],
  ]);
  if (exitCode !== 0) throw new Error(stderr);
}
