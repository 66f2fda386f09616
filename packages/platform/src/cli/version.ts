import { createRequire } from "node:module";

/** The version of the package, found by its own name: sources and bundles lie in different folders. */
export function version(): string {
  const manifest = createRequire(import.meta.url)("ashlar/package.json") as { readonly version: string };
  return manifest.version;
}
