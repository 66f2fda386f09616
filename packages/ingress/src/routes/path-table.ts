/** Routes of one host by path: found in time that grows with the number of different lengths, not of routes. */
export interface PathTable<Entry> {
  readonly exact: ReadonlyMap<string, readonly Entry[]>;
  /** Prefixes by whole elements, without a slash at their end: the root is the empty text. */
  readonly elements: ByLength<Entry>;
  /** Prefixes by characters. */
  readonly characters: ByLength<Entry>;
}

export interface ByLength<Entry> {
  /** The lengths that there are, longest first. */
  readonly lengths: readonly number[];
  readonly at: ReadonlyMap<string, readonly Entry[]>;
}

/** How a path of a route matches: as a whole, by elements, by characters. */
export type PathMatch = "exact" | "elements" | "characters";

export interface PathEntry<Entry> {
  readonly match: PathMatch;
  readonly path: string;
  readonly entry: Entry;
}

/** Compiles routes; those of one path stay in the order that they come in. */
export function pathTable<Entry>(entries: readonly PathEntry<Entry>[]): PathTable<Entry> {
  const maps = {
    exact: new Map<string, Entry[]>(),
    elements: new Map<string, Entry[]>(),
    characters: new Map<string, Entry[]>(),
  };
  for (const { match, path, entry } of entries) {
    const key = match === "elements" ? withoutSlash(path) : path;
    const list = maps[match].get(key);
    if (list) list.push(entry);
    else maps[match].set(key, [entry]);
  }
  return { exact: maps.exact, elements: byLength(maps.elements), characters: byLength(maps.characters) };
}

/**
 * The first entry that `take` accepts, asked in order of precedence: the exact path, then the longest prefix; of two that are
 * equally long, the one by elements.
 *
 * @param take gets the routes of one path; `undefined` goes on to the next shorter one
 */
export function findPath<Entry, Found>(
  table: PathTable<Entry>,
  path: string,
  take: (entries: readonly Entry[], match: PathMatch, length: number) => Found | undefined,
): Found | undefined {
  const { exact, elements, characters } = table;
  if (exact.size > 0) {
    const entries = exact.get(path);
    const found = entries && take(entries, "exact", path.length);
    if (found !== undefined) return found;
  }
  let c = 0;
  for (const length of elements.lengths) {
    while (c < characters.lengths.length && characters.lengths[c]! > length) {
      const found = atCharacters(characters, characters.lengths[c++]!, path, take);
      if (found !== undefined) return found;
    }
    if (length > path.length || (length < path.length && path.charCodeAt(length) !== 47)) continue;
    const entries = elements.at.get(length === path.length ? path : path.slice(0, length));
    const found = entries && take(entries, "elements", length);
    if (found !== undefined) return found;
  }
  while (c < characters.lengths.length) {
    const found = atCharacters(characters, characters.lengths[c++]!, path, take);
    if (found !== undefined) return found;
  }
  return undefined;
}

function atCharacters<Entry, Found>(
  { at }: ByLength<Entry>,
  length: number,
  path: string,
  take: (entries: readonly Entry[], match: PathMatch, length: number) => Found | undefined,
): Found | undefined {
  if (length > path.length) return undefined;
  const entries = at.get(path.slice(0, length));
  return entries && take(entries, "characters", length);
}

function byLength<Entry>(at: ReadonlyMap<string, readonly Entry[]>): ByLength<Entry> {
  const lengths = [...new Set([...at.keys()].map((key) => key.length))].sort((a, b) => b - a);
  return { lengths, at };
}

/** `/aaa/` and `/aaa` have the same elements. */
function withoutSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
