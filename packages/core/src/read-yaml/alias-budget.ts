import { ReadError } from "./problem.ts";

/** Counts values read in a document, and those of them that aliases repeat. */
export interface AliasBudget {
  values: number;
  repeated: number;
  /** How many may be repetitions in any case: what is left for this document of the limit for its file. */
  readonly allowance: number;
}

/** How many values aliases may repeat in one file. kubectl has no such limit, for it forgets each document after its use. */
export const REPEATED_PER_FILE = 1_000_000;

// The limits of Go's yaml.v2: up to the first count nearly everything may be a repetition, from the second on a tenth.
const SMALL = 400_000;
const LARGE = 4_000_000;

/**
 * Counts one value. Refuses a document of which aliases make too much (the "billion laughs"), exactly where kubectl's
 * reader refuses it, so that time and memory stay bounded by the size of the text.
 */
export function countValue(budget: AliasBudget, inAlias: boolean, offset: number): void {
  budget.values++;
  if (inAlias) budget.repeated++;
  const small = budget.repeated <= 100 || budget.values <= 1000;
  if (
    (small || budget.repeated / budget.values <= allowedShare(budget.values)) &&
    budget.repeated <= budget.allowance
  )
    return;
  throw new ReadError({
    code: "core/no-alias-bomb",
    offset,
    message: `expected aliases to repeat a small part of the document, got ${budget.repeated} of ${budget.values} values from aliases`,
    hint: "write the repeated parts out, or reduce the aliases of aliases",
  });
}

function allowedShare(values: number): number {
  if (values <= SMALL) return 0.99;
  if (values >= LARGE) return 0.1;
  return 0.99 - 0.89 * ((values - SMALL) / (LARGE - SMALL));
}
