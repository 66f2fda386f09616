import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Options } from "tsup";
import { groupParts, type Part } from "./chunk-groups.ts";

type Plugin = NonNullable<Options["esbuildPlugins"]>[number];

/** esbuild's account of what it wrote, as far as it is read here. */
interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number;
        readonly entryPoint?: string;
        readonly imports: readonly {
          readonly path: string;
          readonly kind: string;
          readonly external?: boolean;
        }[];
      }
    >
  >;
}

/**
 * The second bundling of a package that was split into `folder`: what is cheaper to load as one file becomes one. Files import each
 * other's insides under the names `$0`, `$1` …, which are no public names; public names stay those of the entry.
 *
 * @param entries output names without `.js`, the entry of everything first or called `blocks`
 */
export function mergedChunks(
  folder: string,
  entries: readonly string[],
): { readonly entry: Record<string, string>; readonly plugin: Plugin } {
  const parts = readParts(folder);
  const main = `${entries.includes("blocks") ? "blocks" : "index"}.js`;
  const groups = groupParts(parts, main);
  const links = linkNames(folder, parts, groups);
  const names = [...new Set(Object.values(groups))];
  const entry: Record<string, string> = {};
  for (const name of names) {
    const lines = Object.entries(links[name] ?? {}).map(([part, shared]) => {
      const list = Object.entries(shared).map(([inside, outside]) => `${inside} as ${outside}`);
      return `export { ${list.join(", ")} } from ${quoted(`./${part}`)};`;
    });
    if (parts[name]!.isEntry) lines.push(`export * from ${quoted(`./${name}`)};`);
    const file = join(folder, `${name.replaceAll("/", "-")}.group.js`);
    writeFileSync(file, lines.join("\n"));
    entry[name.replace(/\.js$/, "")] = file;
  }
  return { entry, plugin: linking(folder, entry, groups, links) };
}

function readParts(folder: string): Record<string, Part> {
  const { outputs } = JSON.parse(readFileSync(join(folder, "metafile-esm.json"), "utf8")) as Metafile;
  const files = Object.keys(outputs).filter((file) => file.endsWith(".js"));
  const root = dirname(
    files.find((file) => file.endsWith("/index.js") && dirname(file).endsWith(basename(folder)))!,
  );
  const nameOf = (file: string): string => relative(root, file);
  return Object.fromEntries(
    files.map((file) => {
      const { bytes, entryPoint, imports } = outputs[file]!;
      const loaded = imports.filter((i) => i.kind === "import-statement");
      const lazy = imports.filter((i) => i.kind === "dynamic-import" && !i.external);
      const part: Part = {
        size: bytes,
        isEntry: entryPoint !== undefined,
        imports: loaded.filter((i) => !i.external).map((i) => nameOf(i.path)),
        lazyImports: lazy.map((i) => nameOf(i.path)),
        externals: loaded.filter((i) => i.external).map((i) => i.path),
      };
      return [nameOf(file), part];
    }),
  );
}

/** For each group and each part in it: the names that other groups import from the part, and what they are called between files. */
type LinkNames = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

function linkNames(
  folder: string,
  parts: Readonly<Record<string, Part>>,
  groups: Readonly<Record<string, string>>,
): LinkNames {
  const found: Record<string, Record<string, Record<string, string>>> = {};
  const counts: Record<string, number> = {};
  for (const part of Object.keys(parts)) {
    const text = readFileSync(join(folder, part), "utf8");
    for (const [, list, path] of text.matchAll(/^import \{([^}]*)\} from "(\.[^"]+)";$/gm)) {
      const target = join(dirname(part), path!);
      const group = groups[target]!;
      if (group === groups[part]) continue;
      found[group] ??= {};
      found[group][target] ??= {};
      const names = found[group][target];
      for (const item of list!.split(",")) {
        const name = item.trim().split(" as ")[0]!;
        if (name === "" || Object.hasOwn(names, name)) continue;
        counts[group] ??= 0;
        names[name] = `$${counts[group]++}`;
      }
    }
  }
  return found;
}

const LINK = "link";

/** Imports inside a group are bundled; those of another group become imports of its file. */
function linking(
  folder: string,
  entry: Readonly<Record<string, string>>,
  groups: Readonly<Record<string, string>>,
  links: LinkNames,
): Plugin {
  return {
    name: "link-chunks",
    setup(build) {
      const groupOfFile = Object.fromEntries(
        Object.entries(entry).map(([name, file]) => [file, `${name}.js`]),
      );
      build.onResolve({ filter: /^\.\.?\// }, ({ path, importer, kind, namespace }) => {
        if (namespace === LINK) return { path, external: true, sideEffects: false };
        const from = groupOfFile[importer] ?? groups[relative(folder, importer)]!;
        const target = relative(folder, join(dirname(importer), path));
        const group = groups[target]!;
        if (kind === "dynamic-import") return { path: pathBetween(from, group), external: true };
        if (group === from) return undefined;
        return { path: `${target} ${from}`, namespace: LINK, sideEffects: false };
      });
      build.onLoad({ filter: /.*/, namespace: LINK }, ({ path }) => {
        const [target, from] = path.split(" ") as [string, string];
        const group = groups[target]!;
        const list = Object.entries(links[group]?.[target] ?? {}).map(
          ([inside, outside]) => `${outside} as ${inside}`,
        );
        return { contents: `export { ${list.join(", ")} } from ${quoted(pathBetween(from, group))};` };
      });
    },
  };
}

function pathBetween(from: string, to: string): string {
  const path = relative(dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
