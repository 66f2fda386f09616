import { chmodSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Io, UsageError } from "./io.ts";
import { paint, printable } from "./text.ts";
import { unifiedDiff } from "./unified-diff.ts";

/** A file, and what it is to become. */
export interface ChangedFile {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/**
 * The text of a file that may be written back.
 *
 * @throws {UsageError} when it is not UTF-8: its bytes would be lost
 */
export function exactText(bytes: Uint8Array, name: string): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (!Buffer.from(text).equals(bytes))
    throw new UsageError(
      `${name} is not UTF-8`,
      "convert it first: what cannot be read cannot be written back",
    );
  return text;
}

/** Prints what changes, as `diff -u`. */
export function printDiff({ name, before, after }: ChangedFile, io: Io): void {
  const diff = unifiedDiff(name, before, after);
  if (!io.color) {
    io.out(diff);
    return;
  }
  for (const line of diff.split("\n").slice(0, -1)) {
    const shown = printable(line.replace(/\r$/, "").replaceAll("\t", "    "));
    const color = line.startsWith("+") ? "green" : line.startsWith("-") ? "red" : "dim";
    io.out(`${line.startsWith(" ") ? shown : paint(io, color, shown)}\n`);
  }
}

/**
 * Writes each file that changes by rename, with its mode; a link stays one.
 *
 * @throws {UsageError} when one of them is no longer as it was read: then none is written
 */
export function writeChanged(files: readonly ChangedFile[], io: Io): void {
  const targets = files
    .filter(({ before, after }) => before !== after)
    .map(({ name, before, after }) => {
      const target = realpathSync(resolve(io.cwd, name));
      if (!readFileSync(target).equals(Buffer.from(before)))
        throw new UsageError(`${name} was changed meanwhile`, "nothing is written: run it again");
      return { target, after };
    });
  for (const { target, after } of targets) {
    const partial = `${target}.partial`;
    writeFileSync(partial, after);
    chmodSync(partial, statSync(target).mode);
    renameSync(partial, target);
  }
}
