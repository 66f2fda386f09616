import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Finding } from "@ashlar/core";
import { readSuppressions } from "../report/read-suppressions.ts";
import type { PlacedSuppression } from "../report/suppression.ts";
import { type Io, UsageError } from "./io.ts";
import type { Loaded } from "./load.ts";

/** The suppressions of a platform file and of `--suppressions FILE`, with what is wrong in the latter. */
export function loadSuppressions(
  { platform }: Loaded,
  file: string | undefined,
  io: Io,
): { readonly suppressions: readonly PlacedSuppression[]; readonly findings: readonly Finding[] } {
  const own = (platform?.suppress ?? []).map((entry, i) => ({ entry, path: `suppress[${i}]` }));
  if (file === undefined) return { suppressions: own, findings: [] };
  const { suppressions, findings } = readSuppressions(readText(file, "--suppressions", io), { file });
  return { suppressions: [...own, ...suppressions], findings };
}

/** Today in UTC, so that a suppression ends everywhere at once. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** @throws {UsageError} when the file is not there, or is no UTF-8 */
function readText(file: string, option: string, io: Io): string {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(io.cwd, file));
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${(error as Error).message}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${option} ${file} is no text in UTF-8`, "write it again as UTF-8");
  }
}
