import type { Family } from "../reach/unit.ts";
import { type Domain, type Numbers, noneOf, type Span } from "./domain.ts";
import {
  addressOf,
  admits,
  isFact,
  labelOf,
  opaqueLabelOf,
  PORT,
  portSet,
  type Subject,
} from "./reach-formula.ts";
import { and, type Box, type Budget, type Formula, not, or, satisfy, satisfyWhatever } from "./satisfy.ts";

/** One end of the flows in question. */
export interface End {
  readonly subject: Subject;
  /** Addresses that it may have, for each family that it may have one of. */
  readonly addresses: ReadonlyMap<Family, Numbers>;
  /** Its address is one fixed value that is not known, rather than any of them. */
  readonly addressUnknown: boolean;
}

/** Whether some flow between the two ends, on one of the ports, is allowed (or denied). */
export interface Question {
  readonly search: "allowed" | "denied";
  readonly from: End;
  readonly to: End;
  readonly ports: readonly Span[];
}

/**
 * `never`: no such flow could exist. `exists`: one does, and `box` says which. `possible`: it depends on facts that are
 * not known. `gave-up`: the budget ran out. `no-family`: the ends have no address family in common, so there is no flow.
 */
export type Answer = { readonly outcome: "never" | "gave-up" | "no-family" } | Found;

export interface Found {
  readonly outcome: "exists" | "possible";
  readonly box: Box;
  readonly family: Family;
}

/** The most work for one question, in looks at a literal: some tenths of a second. */
const MOST_STEPS = 2_000_000;

/** Searches every pod that the ends stand for, every port, and every address family that they share. */
export function ask(question: Question, total: Budget): Answer {
  const { from, to } = question;
  const families = [...from.addresses.keys()].filter((family) => to.addresses.has(family));
  if (families.length === 0) return { outcome: "no-family" };
  const budget = { steps: Math.min(total.steps, MOST_STEPS) };
  const before = budget.steps;
  let worst: Answer = { outcome: "never" };
  for (const flow of flowsOf(question, families)) {
    const answer = askFamilies(question, flow, budget);
    if (answer.outcome === "exists") {
      worst = answer;
      break;
    }
    if (answer.outcome !== "never") worst = answer;
  }
  total.steps -= before - budget.steps;
  return worst;
}

/**
 * A flow is of one family. Between two known pods of both families the one that is admitted is used, so that a flow is
 * denied only when both are; a pod that could exist may have one family alone.
 */
function flowsOf(question: Question, families: readonly Family[]): readonly (readonly Family[])[] {
  return question.search === "denied" && bothKnown(question)
    ? [families]
    : families.map((family) => [family]);
}

/** Whether both ends are pods whose addresses are known. */
function bothKnown({ from, to }: Question): boolean {
  return [from, to].every(({ subject, addressUnknown }) => subject.kind === "pod" && !addressUnknown);
}

/** Two pods never share an address. Those of known pods are as they are; to a pod's own address no policy of its own looks. */
function haveDistinctAddresses(question: Question): boolean {
  const outside = question.from.subject.kind === "address" || question.to.subject.kind === "address";
  return !outside && !bothKnown(question);
}

function askFamilies(question: Question, families: readonly Family[], budget: Budget): Answer {
  const { from, to } = question;
  const family = families[0]!;
  const formula = and(families.map((f) => flowFormula(question, f)));
  budget.steps -= size(formula);
  if (formula === false) return { outcome: "never" };
  const box = startBox(question, families);
  const distinct = haveDistinctAddresses(question)
    ? ([addressOf("from", family), addressOf("to", family)] as const)
    : undefined;
  const found = satisfy(formula, box, budget, distinct);
  if (found.outcome !== "every") return { outcome: found.outcome === "none" ? "never" : "gave-up" };
  const fixed = new Set<string>();
  for (const f of families) {
    if (from.addressUnknown) fixed.add(addressOf("from", f));
    if (to.addressUnknown) fixed.add(addressOf("to", f));
  }
  const isGiven = (variable: string) => isFact(variable) || fixed.has(variable);
  const certain = satisfyWhatever(formula, box, isGiven, budget, distinct);
  if (certain === "gave-up") return { outcome: "gave-up" };
  return { outcome: certain === "yes" ? "exists" : "possible", box: found.box, family };
}

function flowFormula({ search, from, to }: Question, family: Family): Formula {
  const flow = { from: from.subject, to: to.subject, family };
  const sends = admits("egress", flow);
  const enters = admits("ingress", flow);
  return search === "allowed" ? and([sends, enters]) : or([not(sends), not(enters)]);
}

function size(formula: Formula): number {
  if (typeof formula === "boolean" || formula.op === "in") return 1;
  return formula.parts.reduce((sum, part) => sum + size(part), 1);
}

function startBox(question: Question, families: readonly Family[]): Box {
  const box = new Map<string, Domain>([[PORT, portSet(question.ports)]]);
  for (const role of ["from", "to"] as const) {
    const { subject, addresses } = question[role];
    for (const family of families) box.set(addressOf(role, family), addresses.get(family)!);
    if (subject.kind === "any")
      for (const [key, values] of subject.lacking ?? []) box.set(labelOf(role, key), noneOf(...values));
    if (subject.kind !== "pod") continue;
    for (const key of subject.pod.labels.opaque ?? []) box.set(opaqueLabelOf(role, key), noneOf(undefined));
  }
  return box;
}
