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
import type { Directive } from "../corefile/ast.ts";
import { type ParsedCorefile, parseCorefile } from "../corefile/parse.ts";
import { coreDnsRelease, DEFAULT_COREDNS, pluginEntry, pluginOrder } from "../plugins/table.ts";

const CODE = "dns/valid-corefile";

/** A Corefile in a ConfigMap that CoreDNS does not start with, or that it reads other than it looks. */
export const validCorefile: Rule = {
  code: CODE,
  check: (inventory) => inventory.resources.flatMap((resource) => checkConfigMap(resource, inventory)),
};

function checkConfigMap(resource: Resource, { locate, versions = {} }: Inventory): Finding[] {
  const { kind, data } = resource as { readonly kind?: unknown; readonly data?: unknown };
  if (kind !== "ConfigMap" || typeof data !== "object" || data === null) return [];
  const { coredns = DEFAULT_COREDNS } = versions as { readonly coredns?: string };
  const release = coreDnsRelease(coredns) ?? DEFAULT_COREDNS;
  return Object.entries(data).flatMap(([key, text]: [string, unknown]) => {
    const part = partOf(resource, key);
    if (part === undefined || typeof text !== "string") return [];
    const path = formatPath(["data", key]);
    const place = locate && placeInside(resource, path, Object.keys(data), text, locate);
    return findingsOf(text, part, key, release).map((finding) => {
      const { at: inner, ...rest } = finding;
      const about = findingAbout(resource, locate, {
        ...rest,
        message: inner ? `line ${inner.line} of ${key}: ${rest.message}` : rest.message,
        path,
      });
      return inner && place ? { ...about, at: place(inner) } : about;
    });
  });
}

/** What a key of a ConfigMap holds: a whole Corefile, server blocks, or lines of the main server block. */
function partOf({ metadata }: Resource, key: string): "whole" | "inside" | undefined {
  if (key === "Corefile") return "whole";
  if (metadata?.name !== "coredns-custom") return undefined;
  if (key.endsWith(".server")) return "whole";
  return key.endsWith(".override") ? "inside" : undefined;
}

function findingsOf(
  text: string,
  part: "whole" | "inside",
  key: string,
  release: string,
): readonly Finding[] {
  if (part === "whole") {
    const parsed = parseCorefile(text, { file: key });
    return [...unknownPlugins(parsed, release), ...parsed.findings];
  }
  // Lines of a server block: read inside of one, which adds a line before them.
  const { value, findings } = parseCorefile(`. {\n${text}\n}\n`, { file: key });
  return [...unknownPlugins({ value, findings }, release), ...findings].map((finding) =>
    finding.at ? { ...finding, at: { ...finding.at, line: Math.max(1, finding.at.line - 1) } } : finding,
  );
}

function unknownPlugins({ value, findings }: ParsedCorefile, release: string): Finding[] {
  const known = pluginOrder(release);
  const names = new Set(known);
  const bodies = value.items.flatMap((item) => (item.kind === "server" ? [...item.body] : []));
  // Snippets hold plugins, or options of one: only those of no plugin and no option at all would be certain.
  return bodies.flatMap((item): Finding[] => {
    if (item.kind === "import" || names.has(item.name.text) || /\{[$%]|^[{}]$/.test(item.name.text))
      return [];
    // The rest of a file whose braces are wrong is not what its author meant: one mistake is enough.
    if (findings.some(({ severity, at }) => severity === "error" && at && at.line < item.name.at.line))
      return [];
    return [unknownPlugin(item, known, release)];
  });
}

function unknownPlugin(item: Directive, known: readonly string[], release: string): Finding {
  const { text: name, at } = item.name;
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
function placeInside(
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
