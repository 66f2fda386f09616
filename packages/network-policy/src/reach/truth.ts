import type { Labels, Requirement } from "@ashlar/core";
import { meets } from "@ashlar/core";

/**
 * Three-valued truth: what holds whatever the missing facts are, what cannot hold, and what depends on them.
 * Ordered, so that "and" is the minimum and "or" the maximum.
 */
export type Truth = 0 | 1 | 2;
export const NO = 0;
export const MAYBE = 1;
export const YES = 2;

export function and(a: Truth, b: Truth): Truth {
  return a < b ? a : b;
}

export function or(a: Truth, b: Truth): Truth {
  return a > b ? a : b;
}

export function truth(value: boolean): Truth {
  return value ? YES : NO;
}

/** YES when all are, NO when none is (or there is none), MAYBE when they differ or one is unknown. */
export function agreed(values: readonly Truth[]): Truth {
  const first = values[0] ?? NO;
  return values.every((value) => value === first) ? first : MAYBE;
}

/** What is known of the labels of a pod or a namespace. */
export interface LabelFacts {
  readonly labels: Labels;
  /** `false`: there may be other labels than these. */
  readonly complete: boolean;
  /** Keys that are surely there with a value that is not known (what controllers add: `pod-template-hash`). */
  readonly opaque?: readonly string[];
}

/** Whether labels meet every requirement, as far as they are known. */
export function selects(requirements: readonly Requirement[], facts: LabelFacts): Truth {
  let result: Truth = YES;
  for (const requirement of requirements) {
    result = and(result, holds(requirement, facts));
    if (result === NO) return NO;
  }
  return result;
}

/** Whether labels meet one requirement, as far as they are known. */
export function holds(requirement: Requirement, { labels, complete, opaque }: LabelFacts): Truth {
  if (opaque?.includes(requirement.key)) {
    if (requirement.operator === "Exists") return YES;
    return requirement.operator === "DoesNotExist" ? NO : MAYBE;
  }
  if (!complete && !Object.hasOwn(labels, requirement.key)) return MAYBE;
  return truth(meets(labels, requirement));
}
