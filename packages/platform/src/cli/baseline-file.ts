import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type BaselineEntry, readBaseline, writeBaseline } from "../report/baseline.ts";
import { type Io, UsageError } from "./io.ts";

/**
 * The entries of a baseline file, or `undefined` when there is no such file.
 *
 * @throws {UsageError} when it cannot be read or is no baseline
 */
export function loadBaseline(file: string, io: Io): readonly BaselineEntry[] | undefined {
  const path = resolve(io.cwd, file);
  if (!existsSync(path)) return undefined;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`--baseline ${file} cannot be read: ${(error as Error).message}`);
  }
  const read = readBaseline(text);
  if (read.ok) return read.value;
  const [first] = read.findings;
  throw new UsageError(
    `--baseline ${file} is no baseline: ${[first?.path, first?.message].filter(Boolean).join(": ")}`,
    "write it again with --write-baseline",
  );
}

/**
 * Writes a baseline by rename, so that it is never half there.
 *
 * @throws {UsageError} when it cannot be written
 */
export function saveBaseline(file: string, entries: readonly BaselineEntry[], io: Io): void {
  const path = resolve(io.cwd, file);
  const partial = `${path}.partial`;
  try {
    writeFileSync(partial, writeBaseline(entries));
    renameSync(partial, existsSync(path) ? realpathSync(path) : path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new UsageError(`--baseline ${file} cannot be written: ${(error as Error).message}`);
  }
}
