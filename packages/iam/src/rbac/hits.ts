/** A rule that has some verb, API group and resource (or path). */
export interface Posting {
  readonly ruleSet: number;
  readonly rule: number;
  /** `resourceNames`; absent: every name. */
  readonly names: ReadonlySet<string> | undefined;
}

/** The rule sets that have a rule for some verb, API group and resource (or path). */
export interface Hits {
  /** Their numbers. */
  readonly sets: readonly number[];
  /**
   * By number of the rule set: 0 when it has no such rule. Else twice (1 + index of its first rule that allows every name, 0
   * when there is none), plus 1 when it has rules that only allow some names.
   */
  readonly codes: Int32Array;
  /** By number of the rule set: its rules that only allow some names. */
  readonly named: ReadonlyMap<number, readonly Posting[]> | undefined;
}

/**
 * Index of the first rule of a set that allows a name, as the authorizer walks them; -1: none. Without a name: the first that
 * allows every name.
 */
export function allowingRule({ codes, named }: Hits, ruleSet: number, name: string | undefined): number {
  const code = codes[ruleSet] ?? 0;
  let first = (code >> 1) - 1;
  if ((code & 1) === 0 || name === undefined) return first;
  for (const { rule, names } of named?.get(ruleSet) ?? [])
    if ((first < 0 || rule < first) && names?.has(name)) first = rule;
  return first;
}

/** Makes hits of the rules that a query found. */
export function hitsFrom(lists: readonly (readonly Posting[] | undefined)[], ruleSets: number): Hits {
  const codes = new Int32Array(ruleSets);
  const sets: number[] = [];
  let named: Map<number, Posting[]> | undefined;
  for (const list of lists)
    for (const posting of list ?? []) {
      const { ruleSet, rule, names } = posting;
      const code = codes[ruleSet]!;
      if (code === 0) sets.push(ruleSet);
      if (names === undefined) {
        const first = code >> 1 === 0 ? rule : Math.min(rule, (code >> 1) - 1);
        codes[ruleSet] = ((first + 1) << 1) | (code & 1);
        continue;
      }
      codes[ruleSet] = code | 1;
      named ??= new Map();
      const known = named.get(ruleSet);
      if (known === undefined) named.set(ruleSet, [posting]);
      else known.push(posting);
    }
  return { sets, codes, named };
}

/** About how many numbers hits keep; some even when they are empty. */
export function sizeOf({ codes, sets, named }: Hits): number {
  let size = 16 + codes.length + sets.length;
  for (const list of named?.values() ?? []) size += list.length;
  return size;
}
