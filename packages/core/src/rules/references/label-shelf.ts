import type { Requirement } from "../../labels.ts";
import { type Fields, textOf } from "./json-values.ts";
import type { NearName } from "./near-names.ts";

/** Things with labels, so that a selector looks at those of its rarest label alone. */
export interface LabelShelf<T extends Labelled> {
  readonly all: readonly T[];
  readonly put: (item: T) => void;
  /** All that may meet the requirements, before they are looked at one by one; labels in `open` rule nothing out. */
  readonly candidates: (requirements: readonly Requirement[], open?: ReadonlySet<string>) => readonly T[];
  readonly valuesOf: (key: string) => ReadonlySet<string>;
  /** First those that share a label, then those whose value is a near word. */
  readonly near: (requirements: readonly Requirement[], near: NearName) => readonly T[];
}

export interface Labelled {
  readonly labels: Fields;
}

/** So many things of one label are looked at for a near one. */
export const NEAR_TRIED = 50;
const NONE: ReadonlySet<never> = new Set();

/** An empty shelf. */
export function labelShelf<T extends Labelled>(): LabelShelf<T> {
  const all: T[] = [];
  /** Key → value → those that have it. */
  const byLabel = new Map<string, Map<string, T[]>>();
  const values = new Map<string, ReadonlySet<string>>();
  const having = (key: string, value: string): readonly T[] => byLabel.get(key)?.get(value) ?? [];
  const valuesOf = (key: string) => {
    const known = values.get(key);
    if (known) return known;
    const own = new Set(byLabel.get(key)?.keys());
    values.set(key, own);
    return own;
  };
  return {
    all,
    valuesOf,
    put: (item) => {
      all.push(item);
      for (const key in item.labels) {
        const value = textOf(item.labels[key]);
        const ofKey = byLabel.get(key) ?? new Map<string, T[]>();
        byLabel.set(key, ofKey);
        const others = ofKey.get(value);
        if (others) others.push(item);
        else ofKey.set(value, [item]);
      }
    },
    candidates: (requirements, open = NONE) => {
      let found: readonly T[] = all;
      for (const { key, operator, values: wanted } of requirements) {
        if (operator !== "In" || wanted.length !== 1 || open.has(key)) continue;
        const labelled = having(key, wanted[0]!);
        if (labelled.length < found.length) found = labelled;
      }
      return found;
    },
    near: (requirements, near) => {
      const found = new Set<T>();
      const take = (list: readonly T[]) => {
        for (const item of list.slice(0, NEAR_TRIED)) found.add(item);
      };
      for (const { key, values: wanted } of requirements)
        for (const value of wanted.slice(0, NEAR_TRIED)) take(having(key, value));
      for (const { key, values: wanted } of requirements) {
        const known = valuesOf(key);
        const [value] = wanted;
        if (known.size === 0 || value === undefined || known.has(value)) continue;
        const nearValue = near(value, { count: known.size, list: () => known });
        if (nearValue !== undefined) take(having(key, nearValue));
      }
      return [...found];
    },
  };
}
