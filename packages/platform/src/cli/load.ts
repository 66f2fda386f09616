import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Finding, type Locate, mergeLocates, type Resource, readYaml } from "@ashlar/core";
import type { ObjectSet } from "../check.ts";
import type { Platform, UnreadPlatform } from "../define-platform.ts";
import { addIdentityDocument, type IdentityDocuments, isIdentityDocument } from "../identity-documents.ts";
import type { PlatformTemplate } from "../with-params.ts";
import { type Io, UsageError } from "./io.ts";

/** What the paths of a command gave. */
export interface Loaded {
  /** As the user named it, for headings. */
  readonly name: string;
  /** Present when the input was a platform file. */
  readonly platform?: Platform;
  /** The input was a platform file, also when it gave no platform. */
  readonly isPlatformFile?: boolean;
  readonly set: ObjectSet;
  /** Problems of reading: syntax, bad parameters, a refused intent. */
  readonly findings: readonly Finding[];
}

export interface LoadOptions {
  /** What models see of a platform: given by commands that ask models, which are slow to load. */
  readonly setOf: (platform: Platform) => ObjectSet;
  readonly params: Readonly<Record<string, string>>;
  readonly defaultNamespace?: string;
}

const PLATFORM_FILE = "platform.ts";
const MODULES = new Set([".ts", ".mts", ".js", ".mjs"]);
const MANIFESTS = new Set([".yaml", ".yml", ".json"]);

/**
 * Reads a platform file, or any number of YAML and JSON files, folders and `-` (standard input). Without a path: the
 * `platform.ts` of the current folder.
 *
 * @throws {UsageError} when a path cannot be read or is nothing of these
 */
export async function load(paths: readonly string[], io: Io, options: LoadOptions): Promise<Loaded> {
  const given = paths.length > 0 ? paths : [defaultPath(io)];
  const [only] = given;
  if (given.length === 1 && only !== undefined && only !== "-") {
    const platformFile = platformFileAt(resolve(io.cwd, only));
    if (platformFile)
      return loadPlatform(only, platformFile, relative(io.cwd, dirname(platformFile)), options);
  }
  if (Object.keys(options.params).length > 0)
    throw new UsageError("--param is for platform files", "leave it out: YAML has no parameters");
  const files = given.flatMap((path) => manifestFiles(path, io));
  const resources: Resource[] = [];
  const findings: Finding[] = [];
  const locates: Locate[] = [];
  const identity: IdentityDocuments = { realms: [], configurations: [], kubeconfigs: [] };
  for (const file of files) {
    const bytes = file.path === "-" ? await io.stdin() : readFileSync(file.path);
    const read = readYaml(bytes, { file: file.name, isOther: isIdentityDocument });
    for (const { value, locate: locateField } of read.others)
      addIdentityDocument(identity, value, file.name, locateField);
    for (const resource of read.resources) resources.push(resource);
    for (const finding of read.findings) findings.push(finding);
    locates.push(read.locate);
  }
  const locate = mergeLocates(...locates);
  const { defaultNamespace } = options;
  return {
    name: given.join(" "),
    set: { resources, locate, identity, ...(defaultNamespace !== undefined && { defaultNamespace }) },
    findings,
  };
}

function defaultPath(io: Io): string {
  if (existsSync(join(io.cwd, PLATFORM_FILE))) return PLATFORM_FILE;
  throw new UsageError(
    `no path given, and no ${PLATFORM_FILE} here`,
    "name a platform file, YAML files, folders, or - for standard input",
  );
}

/** The platform file that a path means: itself, or the one in a folder. */
function platformFileAt(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (statSync(path).isDirectory()) {
    const inside = join(path, PLATFORM_FILE);
    return existsSync(inside) ? inside : undefined;
  }
  return MODULES.has(extname(path)) ? path : undefined;
}

/** @param shown how its folder is called in places */
async function loadPlatform(
  name: string,
  path: string,
  shown: string,
  options: LoadOptions,
): Promise<Loaded> {
  const exported = await importPlatform(name, path);
  const input = { name, isPlatformFile: true };
  const loaded = async (platform: Platform | UnreadPlatform): Promise<Loaded> => {
    if (platform.type === "ashlar/platform")
      return { ...input, platform, set: options.setOf(platform), findings: [] };
    const { tryReadPlatform } = await import("../files/read-platform.ts");
    const read = tryReadPlatform(platform, dirname(path), shown);
    if (!read.ok) return { ...input, set: { resources: [] }, findings: read.findings };
    const { platform: whole, locate, findings } = read.value;
    return { ...input, platform: whole, set: { ...options.setOf(whole), locate }, findings };
  };
  if (exported.type !== "ashlar/template") {
    if (Object.keys(options.params).length > 0)
      throw new UsageError(
        `${name} takes no parameters`,
        "export withParams({ … }, (params) => definePlatform(…)) to add some",
      );
    return loaded(exported);
  }
  const result = exported.resolve(options.params);
  if (result.ok) return loaded(result.value);
  return {
    ...input,
    set: { resources: [] },
    findings: result.findings.map((f) => ({ ...f, at: { file: name, line: 1, column: 1 } })),
  };
}

type Exported = Platform | UnreadPlatform | PlatformTemplate<Platform | UnreadPlatform>;

async function importPlatform(name: string, path: string): Promise<Exported> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown };
  } catch (error) {
    if (isIntentError(error)) throw error;
    throw new UsageError(
      `${name} could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      loadHint(path),
    );
  }
  const { default: exported } = module;
  const type =
    typeof exported === "object" && exported !== null
      ? (exported as { readonly type?: unknown }).type
      : undefined;
  if (type === "ashlar/platform" || type === "ashlar/unread-platform" || type === "ashlar/template")
    return exported as Exported;
  throw new UsageError(
    `${name} exports no platform by default`,
    "write: export default definePlatform({ … })",
  );
}

/** By name, since the file may load another copy of the package than the command. */
export function isIntentError(error: unknown): error is Error & { readonly findings: readonly Finding[] } {
  return (
    error instanceof Error &&
    error.name === "IntentError" &&
    Array.isArray((error as { findings?: unknown }).findings)
  );
}

function loadHint(path: string): string {
  return `it runs as it is under Node ≥ 22.19, with the packages that ${dirname(path)} finds`;
}

interface ManifestFile {
  readonly name: string;
  readonly path: string;
}

function manifestFiles(path: string, io: Io): ManifestFile[] {
  if (path === "-") return [{ name: "<stdin>", path }];
  const full = resolve(io.cwd, path);
  if (!existsSync(full)) throw new UsageError(`${path} does not exist`);
  if (!statSync(full).isDirectory()) {
    if (MODULES.has(extname(full)))
      throw new UsageError(`${path} is a platform file`, "give it alone, without further paths");
    return [{ name: path, path: full }];
  }
  const files = readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && MANIFESTS.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(full, file)
          .split(/[\\/]/)
          .some((part) => part === "node_modules" || part.startsWith(".")),
    )
    .sort();
  if (files.length === 0) throw new UsageError(`${path} holds no .yaml, .yml or .json file`);
  return files.map((file) => ({ name: join(path, relative(full, file)), path: file }));
}
