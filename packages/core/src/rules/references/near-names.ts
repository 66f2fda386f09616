import { nearest } from "../../did-you-mean.ts";

/** Finds the known word nearest to a misspelt one, until its budget is spent. */
export type NearName = (word: string, known: KnownNames) => string | undefined;

/** Names that are only listed when there is budget to compare them. */
export interface KnownNames {
  readonly count: number;
  readonly list: () => Iterable<string>;
}

/**
 * A `nearest` that compares at most so many words in all, so that a set of thousands of broken references does not take
 * quadratic time: after that there are findings without a near name.
 */
export function nearNames(budget = 20_000): NearName {
  let left = budget;
  return (word, known) => {
    if (left < known.count || word.length > 253) return undefined;
    left -= known.count;
    return nearest(word, known.list());
  };
}
