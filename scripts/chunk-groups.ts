/** One file of a bundle: the entry or the shared chunk that esbuild's splitting made. */
export interface Part {
  /** Bytes. */
  readonly size: number;
  /** Loaded by itself: a public entry, the program, or what an `import()` names. */
  readonly isEntry: boolean;
  /** Other parts. */
  readonly imports: readonly string[];
  /** Parts that it names in `import()`. */
  readonly lazyImports: readonly string[];
  /** Other packages and modules of Node. */
  readonly externals: readonly string[];
}

/** What loading costs, measured on Node 24: one more file, one more KB of it before it is minified, one more package or module of Node. */
const MS_PER_FILE = 0.6;
const MS_PER_KB = 0.02;
const MS_PER_EXTERNAL = 3;

/**
 * Which parts become one file. Splitting makes a file for every set of entries that share code, and each file costs more than the
 * few KB in it; so two are merged as long as that makes the sum over all entries cheaper, never two entries, never into a cycle:
 * a program that awaits `import()` would wait for a file that waits for the program.
 *
 * @param main the entry that is loaded whenever another one is: what is merged into it costs nobody
 * @returns for each part the name of its group, which is that of the entry in it if there is one
 */
export function groupParts(
  parts: Readonly<Record<string, Part>>,
  main: string,
): Readonly<Record<string, string>> {
  let groups: Record<string, string> = Object.fromEntries(Object.keys(parts).map((name) => [name, name]));
  for (;;) {
    const names = [...new Set(Object.values(groups))].sort();
    let best = { groups, cost: loadingCost(parts, groups, main) };
    for (const [i, a] of names.entries())
      for (const b of names.slice(i + 1)) {
        if (parts[a]?.isEntry && parts[b]?.isEntry) continue;
        const [kept, gone] = parts[b]?.isEntry ? [b, a] : [a, b];
        const merged = Object.fromEntries(
          Object.entries(groups).map(([part, group]) => [part, group === gone ? kept : group]),
        );
        const cost = loadingCost(parts, merged, main);
        if (cost < best.cost && !hasCycle(linksOf(parts, merged, true))) best = { groups: merged, cost };
      }
    if (best.groups === groups) return groups;
    groups = best.groups;
  }
}

type Links = ReadonlyMap<string, ReadonlySet<string>>;

/** Which groups each group imports, lazily too when asked. */
function linksOf(
  parts: Readonly<Record<string, Part>>,
  groups: Readonly<Record<string, string>>,
  withLazy: boolean,
): Links {
  const links = new Map<string, Set<string>>();
  for (const [name, { imports, lazyImports }] of Object.entries(parts)) {
    const from = groups[name]!;
    const targets = links.get(from) ?? new Set();
    links.set(from, targets);
    for (const target of withLazy ? [...imports, ...lazyImports] : imports)
      if (groups[target]! !== from) targets.add(groups[target]!);
  }
  return links;
}

function loadingCost(
  parts: Readonly<Record<string, Part>>,
  groups: Readonly<Record<string, string>>,
  main: string,
): number {
  const links = linksOf(parts, groups, false);
  const sizes = new Map<string, number>();
  for (const [name, { size }] of Object.entries(parts))
    sizes.set(groups[name]!, (sizes.get(groups[name]!) ?? 0) + size);
  let cost = 0;
  for (const [name, { isEntry }] of Object.entries(parts)) {
    if (!isEntry) continue;
    const loaded = reached(links, [groups[name]!, groups[main]!]);
    for (const group of loaded) cost += MS_PER_FILE + (MS_PER_KB * sizes.get(group)!) / 1024;
    cost += MS_PER_EXTERNAL * externalsOf(parts, groups, loaded).size;
  }
  return cost;
}

function externalsOf(
  parts: Readonly<Record<string, Part>>,
  groups: Readonly<Record<string, string>>,
  loaded: ReadonlySet<string>,
): ReadonlySet<string> {
  const inside = Object.entries(parts).filter(([name]) => loaded.has(groups[name]!));
  return new Set(inside.flatMap(([, { externals }]) => externals));
}

function reached(links: Links, from: readonly string[]): ReadonlySet<string> {
  const found = new Set(from);
  for (const group of found) for (const next of links.get(group) ?? []) found.add(next);
  return found;
}

function hasCycle(links: Links): boolean {
  return [...links].some(([group, next]) => reached(links, [...next]).has(group));
}
