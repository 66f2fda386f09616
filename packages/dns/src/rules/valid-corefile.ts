import {
  type Finding,
  findingAbout,
  formatPath,
  type Inventory,
  type Place,
  type Resource,
  type Rule,
  suggest,
} from "@ashlar/core";
import type { Corefile, CorefileToken } from "../corefile/ast.ts";
import { type EffectiveOptions, effectiveCorefile } from "../corefile/effective.ts";
import { namesEnvironment } from "../corefile/environment.ts";
import { parseCorefile } from "../corefile/parse.ts";
import { coreDnsRelease, DEFAULT_COREDNS, pluginEntry, pluginOrder } from "../plugins/table.ts";
import { type CorefileText, customTexts, textsOfCorefile } from "./corefile-texts.ts";

const CODE = "dns/valid-corefile";

/** A Corefile in a ConfigMap that CoreDNS does not start with, or that it reads other than it looks. */
export const validCorefile: Rule = {
  code: CODE,
  check(inventory) {
    const { coredns = DEFAULT_COREDNS } = inventory.versions ?? {};
    const release = coreDnsRelease(coredns) ?? DEFAULT_COREDNS;
    const found = textsOfCorefile(inventory).flatMap(({ main, texts, unknownFile }) => {
      const files = Object.fromEntries([...texts].map(([path, { text }]) => [path, text]));
      const [path] = [...texts].find(([, text]) => text === main)!;
      return readWhole(main.text, path, release, { files, unknownFile }).map(
        (finding): Found => ({ finding, text: texts.get(finding.at?.file ?? "") ?? main }),
      );
    });
    // What is wrong where a Corefile imports it is enough.
    const wrong = new Map<Resource, Set<string>>();
    for (const { finding, text } of found)
      if (finding.severity === "error")
        wrong.set(text.resource, (wrong.get(text.resource) ?? new Set()).add(text.key));
    for (const text of customTexts(inventory)) {
      if (wrong.get(text.resource)?.has(text.key)) continue;
      for (const finding of readPart(text, release)) found.push({ finding, text });
    }
    return unique(found).map((one) => placed(one, inventory));
  },
};

/** A finding whose place is a line and column of a text. */
interface Found {
  readonly finding: Finding;
  readonly text: CorefileText;
}

/** A snippet or file that two Corefiles import, or one of them twice, is wrong once. */
function unique(found: readonly Found[]): Found[] {
  const seen = new Map<Resource, Set<string>>();
  return found.filter(({ finding: { message, at }, text: { resource, key } }) => {
    const known = seen.get(resource) ?? new Set();
    seen.set(resource, known);
    const { size } = known;
    return known.add(JSON.stringify([key, message, at?.line, at?.column])).size > size;
  });
}

function placed({ finding, text: { resource, key, text } }: Found, { locate }: Inventory): Finding {
  const { at: inner, ...rest } = finding;
  const path = formatPath(["data", key]);
  const about = findingAbout(resource, locate, {
    ...rest,
    message: inner ? `line ${inner.line} of ${key}: ${rest.message}` : rest.message,
    path,
  });
  const keys = Object.keys((resource as { readonly data?: object }).data ?? {});
  const place = locate && inner && placeInside(resource, path, keys, text, locate);
  return place ? { ...about, at: place(inner) } : about;
}

/** A text of coredns-custom that no Corefile is seen to import. */
function readPart({ key, text }: CorefileText, release: string): readonly Finding[] {
  if (key.endsWith(".server")) return readWhole(text, key, release, {});
  // Lines of a server block: read inside of one, which adds a line before them.
  return readWhole(`. {\n${text}\n}\n`, key, release, {}).map((finding) =>
    finding.at ? { ...finding, at: { ...finding.at, line: Math.max(1, finding.at.line - 1) } } : finding,
  );
}

function readWhole(text: string, file: string, release: string, options: EffectiveOptions): Finding[] {
  const { value, findings: syntax } = parseCorefile(text, { file });
  const { blocks, findings, problem } = effectiveCorefile(value, options);
  const warnings = problem ? [] : syntax.filter(({ severity }) => severity === "warning");
  const known = pluginOrder(release);
  const names = new Set(known);
  const wrong = new Set<CorefileToken>();
  for (const token of [
    ...directPlugins(value, problem?.at),
    ...blocks.flatMap(({ plugins }) => [...plugins.values()].map(([word]) => word!)),
  ])
    if (!names.has(token.text) && !namesEnvironment(token.text) && !/^[{}]$/.test(token.text))
      wrong.add(token);
  return [...[...wrong].map((token) => unknownPlugin(token, known, release)), ...findings, ...warnings];
}

/** Plugins in the server blocks as written. What comes after a syntax error is not what its author meant: one mistake is enough. */
function directPlugins({ file, items }: Corefile, problem: Place | undefined): CorefileToken[] {
  return items
    .flatMap((item) => (item.kind === "server" ? item.body : []))
    .flatMap((item) => (item.kind === "import" ? [] : [item.name]))
    .filter(({ at }) => problem?.file !== file || at.line <= problem.line);
}

function unknownPlugin(
  { text: name, at }: CorefileToken,
  known: readonly string[],
  release: string,
): Finding {
  const entry = pluginEntry(name);
  const gone = entry?.removed !== undefined && !known.includes(name);
  return {
    code: CODE,
    severity: "error",
    message: gone
      ? `the plugin "${name}" left CoreDNS with ${entry.removed}; ${release} does not start with it`
      : entry
        ? `the plugin "${name}" came with CoreDNS ${entry.since}; ${release} does not start with it`
        : `Unknown directive '${name}': CoreDNS ${release} has no such plugin and does not start`,
    hint: gone
      ? entry.replacement
        ? `write "${entry.replacement}" instead`
        : "take it away; nothing replaces it"
      : suggest(name, known),
    path: "",
    at: { file: at.file, line: at.line, column: at.column },
  };
}

/**
 * Where a place in the text of a field stands in the file, when the text is written line by line (`Corefile: |`). A text that is quoted
 * on one line leaves no room for its lines before the next field; then the field's own place has to do.
 */
export function placeInside(
  resource: Resource,
  path: string,
  keys: readonly string[],
  text: string,
  locate: NonNullable<Inventory["locate"]>,
): ((inner: Place) => Place) | undefined {
  const start = locate(resource, path);
  if (!start) return undefined;
  const lines = text.replace(/\n+$/, "").split("\n").length;
  const others = ["apiVersion", "kind", "metadata", ...keys.map((key) => formatPath(["data", key]))];
  const inTheWay = others.some((other) => {
    const place = locate(resource, other);
    return place && place.line > start.line && place.line <= start.line + lines;
  });
  if (!text.includes("\n") || inTheWay) return () => start;
  return ({ line, column }) => ({
    file: start.file,
    line: start.line + line,
    column: start.column + 1 + column,
  });
}
