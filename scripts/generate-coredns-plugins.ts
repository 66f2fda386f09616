// Writes packages/dns/src/plugins/data.ts from the table scripts/data/coredns-plugins.json: the plugins of every release of CoreDNS, their
// options, and what became of them. For a new release: add it to the table, pin it in conformance/go/coredns, and run this.
//   node scripts/generate-coredns-plugins.ts [--check]     --check: says whether the data is what the table gives, writes nothing
// The newest order is held to the plugin.cfg of the CoreDNS that conformance/go/coredns pins.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MODULE = "github.com/coredns/coredns";
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const root = path("../");
const target = path("../packages/dns/src/plugins/data.ts");

interface Fate {
  readonly deprecated?: string;
  readonly ignored?: string;
  readonly removed?: string;
  readonly replacement?: string;
  readonly note?: string;
}

interface Table {
  /** Oldest first, with a space between. */
  readonly releases: string;
  /** Plugins in the order of plugin.cfg, with a space between, for each release that changes it. */
  readonly order: Readonly<Record<string, string>>;
  readonly plugins: readonly (Fate & {
    readonly plugin: string;
    readonly since: string;
    readonly options: readonly (Fate & { readonly option: string; readonly since: string })[];
  })[];
}

const table = JSON.parse(readFileSync(path("data/coredns-plugins.json"), "utf8")) as Table;
const releases = table.releases.split(" ");
checkOrder();
const text = formatted(moduleText());
if (process.argv.includes("--check")) {
  const same = readFileSync(target, "utf8") === text;
  console.log(
    same
      ? "the plugin data is what the table gives"
      : "the plugin data differs: run scripts/generate-coredns-plugins.ts",
  );
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(target, text);
  console.log(`${(text.length / 1024).toFixed(1)} KB, ${text.split("\n").length} lines`);
}

function checkOrder(): void {
  const pinned = path("../conformance/go/coredns/");
  execFileSync("go", ["mod", "download", MODULE], { cwd: pinned });
  const format = "{{.Version}} {{.Dir}}";
  const [version = "", folder = ""] = execFileSync("go", ["list", "-m", "-f", format, MODULE], {
    cwd: pinned,
    encoding: "utf8",
  })
    .trim()
    .split(" ");
  if (version !== `v${releases.at(-1)}`)
    throw new Error(
      `conformance/go/coredns pins ${version}, the table ends with ${releases.at(-1)}: make them equal`,
    );
  const theirs = readFileSync(join(folder, "plugin.cfg"), "utf8")
    .split("\n")
    .filter((line) => /^[^#\s]/.test(line))
    .map((line) => line.split(":")[0]!)
    .join(" ");
  const ours = Object.values(table.order).at(-1)!;
  if (ours !== theirs)
    throw new Error(`the newest order is not that of ${version}'s plugin.cfg:\n${ours}\n${theirs}`);
}

function moduleText(): string {
  const plugins = table.plugins.map(({ plugin, since, options }) =>
    [plugin, since, ...options.map((option) => `${option.option}@${option.since}`)].join(" "),
  );
  const orders = Object.entries(table.order).map(([release, order]) => `${release} ${order}`);
  const fates = table.plugins.flatMap((plugin) => [
    [plugin.plugin, fateOf(plugin)] as const,
    ...plugin.options.map((option) => [`${plugin.plugin} ${option.option}`, fateOf(option)] as const),
  ]);
  const known = fates.filter(([, fate]) => Object.keys(fate).length > 0);
  return `import type { PluginLife } from "./table.ts";

// Made by scripts/generate-coredns-plugins.ts from its table: do not edit. The table is of the plugin.cfg and the setup code of CoreDNS's
// release tags ${releases[0]} to ${releases.at(-1)}, and of their release notes.

/** Releases, oldest first. */
export const RELEASES: readonly string[] = ${JSON.stringify(table.releases)}.split(" ");

/** A line for each release that changes the order of plugin.cfg: the release, then the plugins. */
export const ORDERS = \`${orders.join("\n")}\`;

/** A line for each plugin that was ever built in: its first release, then its block's options with theirs. */
export const PLUGINS = \`${plugins.join("\n")}\`;

/** What became of some, by \`plugin\` or \`plugin option\`. */
export const FATES: Readonly<Record<string, Omit<PluginLife, "name" | "since">>> = ${JSON.stringify(Object.fromEntries(known))};
`;
}

function fateOf({ deprecated, ignored, removed, replacement, note }: Fate): Fate {
  return {
    ...(deprecated !== undefined && { deprecated }),
    ...(ignored !== undefined && { ignored }),
    ...(removed !== undefined && { removed }),
    ...(replacement !== undefined && { replacement }),
    ...(note !== undefined && { note }),
  };
}

function formatted(source: string): string {
  const biome = join(root, "node_modules/.bin/biome");
  return execFileSync(biome, ["check", "--write", `--stdin-file-path=${target}`], {
    cwd: root,
    input: source,
    encoding: "utf8",
  });
}
