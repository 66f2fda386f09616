import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Io, UsageError } from "./io.ts";

/**
 * The file of `--certificate-authority`: PEM.
 *
 * @throws {UsageError} when it cannot be read, or holds no certificate
 */
export function readAuthority(file: string, io: Io): string {
  let text: string;
  try {
    text = readFileSync(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new UsageError(
      `--certificate-authority ${file} cannot be read: ${(error as { readonly code?: string }).code}`,
      "name a PEM file",
    );
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new UsageError(`--certificate-authority ${file} holds no certificate`, "name a PEM file");
}
