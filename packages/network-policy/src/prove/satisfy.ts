import { complement, type Domain, intersect, isApart, isEmpty, isWithin, onlyNumber } from "./domain.ts";

/** A condition in negation normal form: a truth value, "the variable is in the set", or a combination of conditions. */
export type Formula = boolean | Literal | Combination;

/** The variable has a value of the set. */
export interface Literal {
  readonly op: "in";
  readonly variable: string;
  readonly set: Domain;
}

export interface Combination {
  readonly op: "and" | "or";
  readonly parts: readonly Formula[];
}

/** What each variable may be, independently of the others; a variable that is not there may be anything. */
export type Box = ReadonlyMap<string, Domain>;

/** How much work is left; one step is one look at a literal. Shared by many questions, and counted down by each. */
export interface Budget {
  steps: number;
}

/** `every`: each choice out of the box satisfies; `none`: no assignment does; `gave-up`: the budget ran out. */
export type Satisfied =
  | { readonly outcome: "every"; readonly box: Box }
  | { readonly outcome: "none" }
  | { readonly outcome: "gave-up" };

/** Two number variables that never have the same value. */
export type Distinct = readonly [string, string];

/** All conditions hold. */
export function and(parts: readonly Formula[]): Formula {
  return combine("and", parts);
}

/** At least one condition holds. */
export function or(parts: readonly Formula[]): Formula {
  return combine("or", parts);
}

/** The opposite condition, with negations pushed down to the sets. */
export function not(formula: Formula): Formula {
  if (typeof formula === "boolean") return !formula;
  if (formula.op === "in") return { ...formula, set: complement(formula.set) };
  return { op: formula.op === "and" ? "or" : "and", parts: formula.parts.map(not) };
}

/** The variable has a value of the set. */
export function isIn(variable: string, set: Domain): Formula {
  return isEmpty(set) ? false : { op: "in", variable, set };
}

function combine(op: "and" | "or", parts: readonly Formula[]): Formula {
  const kept: Formula[] = [];
  for (const part of parts) {
    if (part === (op === "or")) return part;
    if (typeof part === "boolean") continue;
    if (part.op === op) kept.push(...part.parts);
    else kept.push(part);
  }
  if (kept.length === 0) return op === "and";
  return kept.length === 1 ? kept[0]! : { op, parts: kept };
}

/**
 * Whether the formula can be satisfied whatever values the given variables have: facts that are fixed but not known, in
 * contrast to the others, which may be chosen. `no`: for some values it cannot. A `distinct` pair with one same value for
 * both is no situation that needs covering.
 */
export function satisfyWhatever(
  formula: Formula,
  start: Box,
  isGiven: (variable: string) => boolean,
  budget: Budget,
  distinct?: Distinct,
): "yes" | "no" | "gave-up" {
  const regions: Box[] = [start];
  for (let region = regions.pop(); region !== undefined; region = regions.pop()) {
    if (distinct !== undefined && !canDiffer(region, distinct)) continue;
    const found = satisfy(formula, region, budget, distinct);
    if (found.outcome === "gave-up") return "gave-up";
    if (found.outcome === "none") return "no";
    regions.push(...uncovered(region, found.box, isGiven, distinct));
  }
  return "yes";
}

/** What the found box does not cover of a region, as disjoint boxes: one for each given variable that it narrows. */
function uncovered(
  region: Box,
  found: Box,
  isGiven: (variable: string) => boolean,
  distinct: Distinct | undefined,
): readonly Box[] {
  const rests: Box[] = [];
  const covered = new Map(region);
  const cover = (variable: string, domain: Domain) => {
    const before = covered.get(variable);
    const rest = before === undefined ? complement(domain) : intersect(before, complement(domain));
    if (!isEmpty(rest)) rests.push(new Map(covered).set(variable, rest));
    covered.set(variable, domain);
  };
  for (const [variable, domain] of found) if (isGiven(variable)) cover(variable, domain);
  if (distinct === undefined) return rests;
  // A chosen value covers no case in which the given variable of the pair has it already.
  const [a, b] = distinct;
  for (const [given, chosen] of [[a, b] as const, [b, a] as const]) {
    const taken = found.get(chosen);
    const domain = covered.get(given);
    if (!isGiven(given) || isGiven(chosen) || onlyNumber(taken) === undefined || domain === undefined)
      continue;
    cover(given, intersect(domain, complement(taken!)));
  }
  return rests;
}

/** A node of the search: the box so far, what to add to it, and the disjunctions that are still open. */
interface Node {
  readonly box: Box;
  readonly add: readonly Formula[];
  readonly open: readonly (readonly Formula[])[];
}

/**
 * Finds assignments of `start` that satisfy the formula: an exact search (a tableau over sets of values) that narrows by
 * every literal that must hold, drops alternatives that cannot, and branches on what is left.
 * The sets of a result are independent of each other, save that a `distinct` pair must be given different values.
 */
export function satisfy(formula: Formula, start: Box, budget: Budget, distinct?: Distinct): Satisfied {
  const stack: Node[] = [{ box: start, add: [formula], open: [] }];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const box = new Map(node.box);
    const open = narrow(box, node, budget);
    if (budget.steps < 0) return { outcome: "gave-up" };
    if (open === undefined) continue;
    if (open.length === 0) {
      if (distinct === undefined || canDiffer(box, distinct)) return { outcome: "every", box };
      continue;
    }
    const next = mostDecisive(open);
    const others = open.filter((parts) => parts !== next);
    const alternatives = [...next].sort((a, b) => weight(a) - weight(b));
    // Pushed in reverse: the cheapest comes off first. A later branch need not look at what an earlier literal covers.
    for (let i = alternatives.length - 1; i >= 0; i--) {
      const before = alternatives.slice(0, i).filter((f) => weight(f) === 1);
      stack.push({ box, add: [alternatives[i]!, ...before.map(not)], open: others });
      budget.steps -= before.length;
    }
  }
  return { outcome: "none" };
}

/** Puts what must hold into the box until nothing follows any more: the open disjunctions, or nothing on contradiction. */
function narrow(box: Map<string, Domain>, node: Node, budget: Budget): (readonly Formula[])[] | undefined {
  let open: (readonly Formula[])[] = [...node.open];
  let add: readonly Formula[] = node.add;
  while (true) {
    const disjunctions = assert(box, add, budget);
    if (disjunctions === undefined) return undefined;
    open.push(...disjunctions);
    const forced: Formula[] = [];
    const left: (readonly Formula[])[] = [];
    for (const parts of open) {
      if (budget.steps < 0) return undefined;
      const possible = remaining(box, parts, budget);
      if (possible === true) continue;
      if (possible.length === 0) return undefined;
      if (possible.length === 1) forced.push(possible[0]!);
      else left.push(possible);
    }
    open = left;
    if (forced.length === 0) return open;
    add = forced;
  }
}

/** Narrows the box by conditions that must hold; gives the disjunctions among them, or nothing on contradiction. */
function assert(
  box: Map<string, Domain>,
  conditions: readonly Formula[],
  budget: Budget,
): (readonly Formula[])[] | undefined {
  const disjunctions: (readonly Formula[])[] = [];
  const queue = [...conditions];
  for (let formula = queue.pop(); formula !== undefined; formula = queue.pop()) {
    budget.steps--;
    if (formula === true) continue;
    if (formula === false) return undefined;
    if (formula.op === "in") {
      const before = box.get(formula.variable);
      const after = before === undefined ? formula.set : intersect(before, formula.set);
      if (isEmpty(after)) return undefined;
      box.set(formula.variable, after);
    } else if (formula.op === "or") disjunctions.push(formula.parts);
    else queue.push(...formula.parts);
  }
  return disjunctions;
}

/** The alternatives that the box leaves possible; `true` when one holds already. */
function remaining(box: Box, parts: readonly Formula[], budget: Budget): true | readonly Formula[] {
  const possible: Formula[] = [];
  for (const part of parts) {
    const holds = status(box, part, budget);
    if (holds === true) return true;
    if (holds === undefined) possible.push(part);
  }
  return possible;
}

/** Whether the condition holds for the whole box (`true`), for none of it (`false`), or that is not clear yet. */
function status(box: Box, formula: Formula, budget: Budget): boolean | undefined {
  if (typeof formula === "boolean") return formula;
  budget.steps--;
  if (formula.op === "in") {
    const domain = box.get(formula.variable);
    if (domain === undefined) return undefined;
    if (isWithin(domain, formula.set)) return true;
    return isApart(domain, formula.set) ? false : undefined;
  }
  const decisive = formula.op === "or";
  let clear = true;
  for (const part of formula.parts) {
    const holds = status(box, part, budget);
    if (holds === decisive) return decisive;
    if (holds === undefined) clear = false;
  }
  return clear ? !decisive : undefined;
}

function canDiffer(box: Box, [a, b]: Distinct): boolean {
  const one = onlyNumber(box.get(a));
  return one === undefined || one !== onlyNumber(box.get(b));
}

/**
 * The disjunction to branch on. One whose every alternative pins a variable to named values goes first (it settles most
 * of the others at once: thousands of "the label is not x" follow from "it is y"), then the one with the fewest.
 */
function mostDecisive(open: readonly (readonly Formula[])[]): readonly Formula[] {
  let best = open[0]!;
  let bestPins = best.every(pins);
  for (const parts of open) {
    const pinsAll = parts.every(pins);
    if (pinsAll === bestPins ? parts.length >= best.length : bestPins) continue;
    best = parts;
    bestPins = pinsAll;
  }
  return best;
}

function pins(formula: Formula): boolean {
  if (typeof formula === "boolean") return false;
  if (formula.op === "in") return formula.set.kind === "words" && !formula.set.negated;
  return formula.op === "and" ? formula.parts.some(pins) : formula.parts.every(pins);
}

/** Literals first, then by the number of parts. */
function weight(formula: Formula): number {
  return typeof formula === "boolean" ? 0 : formula.op === "in" ? 1 : 1 + formula.parts.length;
}
