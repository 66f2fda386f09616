/**
 * What a variable of a constraint may still be: a set of words (a label's value, `undefined` when the label is absent),
 * given by its members or by what it lacks, or a set of whole numbers as ranges. Both are closed under intersection and
 * complement, so that no list of all possible values is ever needed.
 */
export type Domain = Words | Numbers;

export interface Words {
  readonly kind: "words";
  /** `false`: exactly the members; `true`: every word but the members. */
  readonly negated: boolean;
  readonly members: ReadonlySet<string | undefined>;
}

export interface Numbers {
  readonly kind: "numbers";
  /** Sorted, disjoint and not touching. */
  readonly ranges: readonly Span[];
  /** What complements are taken in. */
  readonly universe: readonly Span[];
}

/** Whole numbers from `first` to `last`, both included. */
export interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

/** The set of the given words. */
export function oneOf(...members: readonly (string | undefined)[]): Words {
  return { kind: "words", negated: false, members: new Set(members) };
}

/** Every word (and absence, unless it is given) but these. */
export function noneOf(...members: readonly (string | undefined)[]): Words {
  return { kind: "words", negated: true, members: new Set(members) };
}

/** The union of the spans, within `universe` (sorted and disjoint). */
export function numbers(spans: readonly Span[], universe: readonly Span[]): Numbers {
  return { kind: "numbers", ranges: overlap(joined(spans), universe), universe };
}

export function isEmpty(domain: Domain): boolean {
  return domain.kind === "words" ? !domain.negated && domain.members.size === 0 : domain.ranges.length === 0;
}

export function complement(domain: Domain): Domain {
  if (domain.kind === "words") return { ...domain, negated: !domain.negated };
  return { ...domain, ranges: without(domain.universe, domain.ranges) };
}

/** The common part of two sets of one variable; `a` itself when it lies in `b`. */
export function intersect(a: Domain, b: Domain): Domain {
  if (a.kind === "words" && b.kind === "words") return commonWords(a, b);
  if (a.kind === "numbers" && b.kind === "numbers") {
    const ranges = overlap(a.ranges, b.ranges);
    return sameSpans(ranges, a.ranges) ? a : { ...a, ranges };
  }
  throw new TypeError("a variable holds either words or numbers");
}

/** Whether every value of `a` is in `b`. */
export function isWithin(a: Domain, b: Domain): boolean {
  if (a.kind === "words" && b.kind === "words") {
    if (!a.negated) return all(a.members, (m) => b.members.has(m) !== b.negated);
    return b.negated && all(b.members, (m) => a.members.has(m));
  }
  return intersect(a, b) === a;
}

/** Whether the sets have no value in common. */
export function isApart(a: Domain, b: Domain): boolean {
  if (a.kind === "numbers" && b.kind === "numbers") return !overlaps(a.ranges, b.ranges);
  return isEmpty(intersect(a, b));
}

/** The one number of the set, if there is exactly one. */
export function onlyNumber(domain: Domain | undefined): bigint | undefined {
  if (domain?.kind !== "numbers" || domain.ranges.length !== 1) return undefined;
  const [span] = domain.ranges;
  return span !== undefined && span.first === span.last ? span.first : undefined;
}

/** `a` less `b`; both sorted and disjoint, and so is the result. */
export function without(a: readonly Span[], b: readonly Span[]): readonly Span[] {
  const rest: Span[] = [];
  let j = 0;
  for (const { first, last } of a) {
    let next = first;
    while (j < b.length && b[j]!.last < next) j++;
    for (let k = j; k < b.length && b[k]!.first <= last; k++) {
      if (b[k]!.first > next) rest.push({ first: next, last: b[k]!.first - 1n });
      next = b[k]!.last + 1n;
    }
    if (next <= last) rest.push({ first: next, last });
  }
  return rest;
}

/** Sorted, with overlapping and touching spans joined. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: Span[] = [];
  for (const span of sorted) {
    const before = result.at(-1);
    if (before === undefined || span.first > before.last + 1n) result.push(span);
    else if (span.last > before.last) result[result.length - 1] = { first: before.first, last: span.last };
  }
  return result;
}

/** The numbers in both; the spans of each sorted and disjoint. */
export function overlap(a: readonly Span[], b: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    let { first, last } = a[i]!;
    if (first < b[j]!.first) first = b[j]!.first;
    if (last > b[j]!.last) last = b[j]!.last;
    if (first <= last) result.push({ first, last });
    if (a[i]!.last < b[j]!.last) i++;
    else j++;
  }
  return result;
}

function overlaps(a: readonly Span[], b: readonly Span[]): boolean {
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i]!.last < b[j]!.first) i++;
    else if (b[j]!.last < a[i]!.first) j++;
    else return true;
  }
  return false;
}

function sameSpans(a: readonly Span[], b: readonly Span[]): boolean {
  return a.length === b.length && a.every((s, i) => s.first === b[i]!.first && s.last === b[i]!.last);
}

function commonWords(a: Words, b: Words): Words {
  if (!a.negated) {
    const members = new Set([...a.members].filter((m) => b.members.has(m) !== b.negated));
    return members.size === a.members.size ? a : { ...a, members };
  }
  if (!b.negated) return commonWords(b, a);
  const members = new Set([...a.members, ...b.members]);
  return members.size === a.members.size ? a : { ...a, members };
}

function all<T>(items: Iterable<T>, holds: (item: T) => boolean): boolean {
  for (const item of items) if (!holds(item)) return false;
  return true;
}
