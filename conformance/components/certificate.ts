import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** A key and a certificate that is its own authority, as files and (the certificate) as text. */
export interface Certificate {
  readonly keyFile: string;
  readonly certificateFile: string;
  readonly certificate: string;
}

/**
 * Makes a certificate for servers on the loopback address, signed by itself, valid for two days.
 *
 * @param folder is made when it is not there; both files are written into it
 * @param names what the certificate is for, as `subjectAltName` has them
 * @throws Error when there is no openssl
 */
export async function selfSignedCertificate(
  folder: string,
  names: readonly string[] = ["DNS:localhost", "IP:127.0.0.1"],
): Promise<Certificate> {
  await mkdir(folder, { recursive: true });
  const [keyFile, certificateFile] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  args.push("-keyout", keyFile, "-out", certificateFile, "-days", "2", "-subj", "/CN=ashlar conformance");
  args.push("-addext", `subjectAltName=${names.join(",")}`);
  await promisify(execFile)("openssl", args).catch((error: Error) => {
    throw new Error(
      `no certificate could be made: install openssl (Debian: openssl). It said: ${error.message}`,
    );
  });
  return { keyFile, certificateFile, certificate: await readFile(certificateFile, "utf8") };
}
