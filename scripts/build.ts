// Builds every package into its dist/: JavaScript with tsup, types with tsc. Does nothing when no input changed.
//   node scripts/build.ts [--force]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as tsup } from "tsup";
import { ROOT, type WorkspacePackage, workspacePackages } from "./packages.ts";

const STAMP = join(ROOT, "node_modules", ".cache", "ashlar", "build");

const packages = workspacePackages();
const inputs = hashInputs(packages);
const isFresh =
  !process.argv.includes("--force") &&
  existsSync(STAMP) &&
  readFileSync(STAMP, "utf8") === inputs &&
  packages.every((p) => existsSync(join(p.directory, "dist", "index.js")));

if (!isFresh) {
  rmSync(STAMP, { force: true });
  for (const pkg of packages) await buildPackage(pkg);
  mkdirSync(join(STAMP, ".."), { recursive: true });
  writeFileSync(STAMP, inputs);
}

async function buildPackage({ folder, directory, manifest }: WorkspacePackage): Promise<void> {
  const start = Date.now();
  rmSync(join(directory, "dist"), { recursive: true, force: true });
  await bundle(directory, manifest);
  execFileSync("tsc", ["-p", join(directory, "tsconfig.build.json")], { stdio: "inherit" });
  console.log(`built ${folder} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/** Minified, since every import reads all of it; source maps tell where an error came from. */
async function bundle(directory: string, manifest: WorkspacePackage["manifest"]): Promise<void> {
  await tsup({
    entry: entries(manifest),
    outDir: join(directory, "dist"),
    config: false,
    format: "esm",
    target: "node22",
    platform: "neutral",
    external: [/^node:/, ...dependenciesOf(manifest)],
    // Types name zod, code brings the part of it that intents use: loading all of it costs more than all of ours.
    noExternal: ["zod"],
    splitting: true,
    minify: true,
    sourcemap: true,
    silent: true,
    dts: false,
    esbuildOptions: (options) => {
      options.absWorkingDir = directory;
      options.conditions = [];
    },
  });
}

/** What stays an import: every dependency but zod, with its subpaths. */
function dependenciesOf(manifest: WorkspacePackage["manifest"]): RegExp[] {
  const names = Object.keys(manifest.dependencies ?? {}).filter((name) => name !== "zod");
  return names.map((name) => new RegExp(`^${name.replaceAll("/", "\\/")}(/|$)`));
}

/** Public entries from the `exports` of the manifest, and the program behind `bin`. */
function entries(manifest: WorkspacePackage["manifest"]): Record<string, string> {
  const folder = packages.find((p) => p.manifest === manifest)?.directory as string;
  const found: Record<string, string> = {};
  for (const target of Object.values(manifest.exports)) {
    if (typeof target === "string") continue;
    const output = (target.default as string).replace(/^\.\/dist\/|\.js$/g, "");
    found[output] = join(folder, target["@ashlar/source"] as string);
  }
  if (manifest.bin) found.cli = join(folder, "src", "cli", "bin.ts");
  return found;
}

function hashInputs(all: readonly WorkspacePackage[]): string {
  const hash = createHash("sha256");
  const files = [
    ...["pnpm-lock.yaml", "tsconfig.base.json", "scripts/build.ts"].map((f) => join(ROOT, f)),
    ...all.flatMap(({ directory }) => [
      join(directory, "package.json"),
      join(directory, "tsconfig.build.json"),
      ...readdirSync(join(directory, "src"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort(),
    ]),
  ];
  for (const file of files) hash.update(file).update("\0").update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}
