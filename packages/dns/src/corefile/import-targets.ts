import type { CorefileToken } from "./ast.ts";
import { lexCorefile } from "./lex.ts";

/** The files that imports may name, as `import` looks them up; a path that is not absolute is below the Corefile's folder. */
export interface ImportFiles {
  /** Paths in CoreDNS's order that a pattern of `import` in the file `from` names. */
  readonly find: (pattern: string, from: string) => ImportMatch;
  /** The words of a file, or `undefined` when the path is a folder. */
  readonly words: (path: string) => readonly CorefileToken[] | undefined;
}

export type ImportMatch =
  | { readonly kind: "files"; readonly paths: readonly string[] }
  /** Nothing has the name; with a wildcard CoreDNS only warns. */
  | { readonly kind: "none"; readonly fatal: boolean }
  /** Nothing that is known has the name, and there may be more. */
  | { readonly kind: "unknown" }
  | { readonly kind: "too-many-wildcards"; readonly pattern: string }
  | { readonly kind: "bad-pattern" };

interface Entry {
  readonly given: string;
  readonly text: string;
}

/** `unknownFile` tells of an absolute path or pattern whether something else than `files` may stand there. */
export function importFiles(
  main: string,
  files: Readonly<Record<string, string>>,
  unknownFile: (path: string) => boolean = () => false,
): ImportFiles {
  const base = folderOf(absolute(main, "/"));
  const entries = new Map<string, Entry>();
  const folders = new Map<string, Set<string>>(); // names in a folder, by its path
  for (const [given, text] of Object.entries(files)) {
    const path = absolute(given, base);
    entries.set(path, { given, text });
    for (let at = path; at !== "/"; at = folderOf(at)) {
      const folder = folderOf(at);
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(at.slice(folder === "/" ? 1 : folder.length + 1)));
    }
  }
  const lexed = new Map<string, readonly CorefileToken[]>();

  const expand = (pattern: string): string[] => {
    if (!hasMeta(pattern)) return entries.has(clean(pattern)) || folders.has(clean(pattern)) ? [pattern] : [];
    const slash = pattern.lastIndexOf("/");
    const [folder, last] = [pattern.slice(0, slash) || "/", pattern.slice(slash + 1)];
    const matches = matcher(last);
    return (hasMeta(folder) ? expand(folder) : [clean(folder)]).flatMap((in_) =>
      [...(folders.get(in_) ?? [])]
        .filter(matches)
        .sort(byBytes)
        .map((name) => clean(`${in_}/${name}`)),
    );
  };

  return {
    find(pattern, from) {
      const path = pattern.startsWith("/") ? pattern : clean(`${folderOf(absolute(from, base))}/${pattern}`);
      if (count(path, "*") > 1 || count(path, "?") > 1 || (path.includes("[") && path.includes("]")))
        return { kind: "too-many-wildcards", pattern: path };
      if (isMalformed(path)) return { kind: "bad-pattern" };
      const paths = expand(path);
      if (paths.length > 0) return { kind: "files", paths };
      if (unknownFile(clean(path))) return { kind: "unknown" };
      return { kind: "none", fatal: !/[*?[\]]/.test(path) };
    },
    words(path) {
      const entry = entries.get(clean(path));
      if (!entry) return undefined;
      const known = lexed.get(entry.given) ?? lexCorefile(entry.text, entry.given).tokens;
      lexed.set(entry.given, known);
      return known;
    },
  };
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

function hasMeta(path: string): boolean {
  return /[*?[\\]/.test(path);
}

/** A bracket that nothing closes, or a backslash before nothing. */
function isMalformed(pattern: string): boolean {
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === "[") return true;
    if (pattern[i] === "\\" && ++i === pattern.length) return true;
  }
  return false;
}

/** Go's path/filepath.Match for one name without brackets. */
function matcher(pattern: string): (name: string) => boolean {
  const source = pattern.replace(/\\(.)|[*?]|[.+^${}()|[\]\\]/gs, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return part === "*" ? ".*" : part === "?" ? "." : `\\${part}`;
  });
  const expression = new RegExp(`^${source}$`, "su");
  return (name) => expression.test(name);
}

function absolute(path: string, base: string): string {
  return clean(path.startsWith("/") ? path : `${base}/${path}`);
}

/** Go's path/filepath.Clean of an absolute path. */
function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** The order of the UTF-8 bytes, which is that of the code points. */
function byBytes(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
