// Builds every package into its dist/: JavaScript with tsup, types with tsc. Does nothing when no input changed.
//   node scripts/build.ts [--force]
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Options, build as tsup } from "tsup";
import { mergedChunks } from "./merge-chunks.ts";
import { ROOT, type WorkspacePackage, workspacePackages } from "./packages.ts";

const CACHE = join(ROOT, "node_modules", ".cache", "ashlar");
const STAMP = join(CACHE, "build");

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

async function buildPackage(pkg: WorkspacePackage): Promise<void> {
  const { folder, directory } = pkg;
  const start = Date.now();
  rmSync(join(directory, "dist"), { recursive: true, force: true });
  await bundle(pkg);
  execFileSync("tsc", ["-p", join(directory, "tsconfig.build.json")], { stdio: "inherit" });
  console.log(`built ${folder} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

/**
 * Minified, since every import reads all of it, and in few files; source maps tell where an error came from. tsup runs twice: once to
 * split what entries share, once to put back together what is cheaper to load as one file.
 */
async function bundle({ folder, directory, manifest }: WorkspacePackage): Promise<void> {
  const split = join(CACHE, "split", folder);
  const { zod, ...eager } = entries(manifest);
  const options: Options = {
    config: false,
    format: "esm",
    target: "node22",
    platform: "neutral",
    external: [/^node:/, ...dependenciesOf(manifest)],
    // Types name zod, code brings the part of it that intents use: loading all of it costs more than all of ours.
    noExternal: ["zod"],
    sourcemap: true,
    silent: true,
    dts: false,
    removeNodeProtocol: false,
    esbuildOptions: (esbuild) => {
      esbuild.absWorkingDir = directory;
      esbuild.conditions = [];
    },
  };
  await tsup({ ...options, entry: eager, outDir: split, clean: true, splitting: true, metafile: true });
  const { entry, plugin } = mergedChunks(split, Object.keys(eager));
  const outDir = join(directory, "dist");
  await tsup({ ...options, entry, outDir, splitting: false, minify: true, esbuildPlugins: [plugin] });
  if (zod !== undefined) await bundleLazily(zod, outDir, options);
}

/**
 * The entry that brings zod: its code runs at the first call of one of its functions, since an import of a builder needs none of it
 * until the builder is called.
 */
async function bundleLazily(file: string, outDir: string, options: Options): Promise<void> {
  const found: Readonly<Record<string, unknown>> = await import(file);
  const names = Object.keys(found).sort();
  const others = names.filter((name) => typeof found[name] !== "function");
  if (others.length > 0)
    throw new Error(`${file} must export functions alone, to load at their first call: ${others}`);
  const exported = names.map((name) => `const ${name}Lazily=(...a)=>load().${name}(...a);`).join("");
  const list = names.map((name) => `${name}Lazily as ${name}`).join(",");
  await tsup({
    ...options,
    entry: { zod: file },
    outDir,
    format: "cjs",
    outExtension: () => ({ js: ".js" }),
    splitting: false,
    minify: true,
    banner: { js: "let made;function load(){if(made)return made;const module={exports:{}};" },
    footer: { js: `return made=module.exports}${exported}export{${list}};` },
  });
}

/** What stays an import: every dependency but zod, peers too, with their subpaths. */
function dependenciesOf(manifest: WorkspacePackage["manifest"]): RegExp[] {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(
    (name) => name !== "zod",
  );
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
    ...[
      "pnpm-lock.yaml",
      "universal.d.ts",
      "tsconfig.base.json",
      "scripts/build.ts",
      "scripts/merge-chunks.ts",
      "scripts/chunk-groups.ts",
    ].map((f) => join(ROOT, f)),
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
