import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, "..");

export interface PackageManifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  readonly folder: string;
  readonly directory: string;
  readonly manifest: PackageManifest;
}

/** The published packages, each behind those that it depends on. */
export function workspacePackages(): WorkspacePackage[] {
  const all = readdirSync(join(ROOT, "packages"))
    .filter((folder) => existsSync(join(ROOT, "packages", folder, "package.json")))
    .map((folder) => {
      const directory = join(ROOT, "packages", folder);
      const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as PackageManifest;
      return { folder, directory, manifest };
    });
  const sorted: WorkspacePackage[] = [];
  const visit = (pkg: WorkspacePackage): void => {
    if (sorted.includes(pkg)) return;
    for (const dependency of Object.keys(pkg.manifest.dependencies ?? {})) {
      const other = all.find((p) => p.manifest.name === dependency);
      if (other) visit(other);
    }
    sorted.push(pkg);
  };
  for (const pkg of all) visit(pkg);
  return sorted;
}
