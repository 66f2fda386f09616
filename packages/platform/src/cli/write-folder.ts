import { chmodSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Document } from "@ashlar/core";
import { UsageError } from "./io.ts";

/**
 * Writes documents below a folder, each by rename, so that none is ever half there. Files that are not among them stay.
 *
 * @throws {UsageError} before anything is written, when a document's path would leave the folder or stands twice
 */
export function writeFolder(cwd: string, folder: string, documents: readonly Document[]): number {
  const seen = new Set<string>();
  for (const { path } of documents) {
    if (isAbsolute(path) || path === "" || path.split(/[\\/]/).some((part) => part === ".." || part === ""))
      throw new UsageError(
        `document path "${path}" leaves the output folder`,
        "use a relative path without ..",
      );
    if (seen.has(path)) throw new UsageError(`two documents are called "${path}"`, "rename one");
    seen.add(path);
  }
  for (const { path, text, executable } of documents) {
    const target = join(resolve(cwd, folder), path);
    mkdirSync(dirname(target), { recursive: true });
    const partial = `${target}.partial`;
    writeFileSync(partial, text);
    chmodSync(partial, executable ? 0o755 : 0o644);
    renameSync(partial, target);
  }
  return documents.length;
}
