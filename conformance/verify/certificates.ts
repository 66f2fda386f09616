import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Certificate, selfSignedCertificate } from "../components/certificate.ts";

const run = promisify(execFile);

/** A certificate that is its own authority, and ended years ago. */
export async function expiredCertificate(folder: string, name: string): Promise<Certificate> {
  const { keyFile } = await selfSignedCertificate(folder, [`DNS:${name}`]);
  const [request, config, certificateFile] = ["request.pem", "ca.cnf", "expired.crt"].map((file) =>
    join(folder, file),
  );
  const database = join(folder, "database");
  await mkdir(join(folder, "new"), { recursive: true });
  await writeFile(database, "");
  const lines = [
    "[ca]",
    "default_ca=own",
    "[own]",
    `database=${database}`,
    `new_certs_dir=${join(folder, "new")}`,
  ];
  lines.push("policy=any", "default_md=sha256", "rand_serial=yes", "x509_extensions=names", "[any]");
  lines.push("commonName=supplied", "[names]", `subjectAltName=DNS:${name}`, "basicConstraints=CA:TRUE", "");
  await writeFile(config!, lines.join("\n"));
  await run("openssl", ["req", "-new", "-key", keyFile, "-subj", `/CN=${name}`, "-out", request!]);
  const dates = ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"];
  const sign = ["ca", "-batch", "-notext", "-selfsign", "-config", config!, "-keyfile", keyFile, ...dates];
  await run("openssl", [...sign, "-in", request!, "-out", certificateFile!]);
  return {
    keyFile,
    certificateFile: certificateFile!,
    certificate: await readFile(certificateFile!, "utf8"),
  };
}
