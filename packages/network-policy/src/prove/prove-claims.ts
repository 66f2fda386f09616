import type { Finding, Proof, ProofOutcome } from "@ashlar/core";
import type { PortRange } from "../policy/ports.ts";
import { formatParty, type Party, type ReachClaim } from "./claim.ts";
import { type Span, without } from "./domain.ts";
import type { ReachFacts } from "./facts.ts";
import { type NamespaceIndex, namespaceIndex } from "./groups.ts";
import {
  brokenClaim,
  emptyClaim,
  emptyParty,
  unclearParty,
  undecidedClaim,
  unprovedClaim,
} from "./proof-findings.ts";
import { type Answer, ask, type Question } from "./question.ts";
import { ALL_PORTS, spansOf } from "./reach-formula.ts";
import type { Budget } from "./satisfy.ts";
import { addressSpace, isEmptySide, pairsOf, type Side, sideOf } from "./sides.ts";
import { pickWitness, type ReachWitness } from "./witness.ts";

export interface ReachProof extends Proof<ReachClaim> {
  /** A flow that breaks the claim or, when the outcome is `unknown`, might break it. */
  readonly witness?: ReachWitness;
}

export interface ProveReachOptions {
  /** The most work for all claims together, in looks at one literal of a selector; default 30 million (a few seconds). */
  readonly steps?: number;
}

/**
 * Proves claims for every pod that could exist: any labels, any declared ports, any address that pods may have, on every
 * port of TCP, UDP and SCTP; claims about workloads for the pods at hand. Exact for NetworkPolicy v1: `proved` means that
 * no counter-example exists, `broken` comes with one.
 *
 * `unknown`: a fact is missing that decides (labels of a namespace whose object is not in the set, the addresses that pods
 * get, a policy that cannot be interpreted), or the work exceeds `steps`. `vacuous`: the claim speaks of something that is
 * not there. Every outcome but `proved` has findings: `network-policy/broken-claim`, `unproved-claim`, `empty-claim`.
 *
 * Two pods of one namespace are distinct, and a pod reaching itself is no subject of a claim. Outside of a claim are pods
 * with hostNetwork (their traffic is their node's) and what runs on nodes. Pods that talk have an address family in common.
 *
 * @example
 * proveClaims({ policies, namespaces }, [claim]); // [{ claim, outcome: "proved", findings: [] }]
 */
export function proveClaims(
  facts: ReachFacts,
  claims: readonly ReachClaim[],
  { steps = MOST_STEPS }: ProveReachOptions = {},
): ReachProof[] {
  const prover = proverOf(facts, steps);
  return claims.map((claim) => explain(decide(claim, prover), facts));
}

/** The outcomes of {@link proveClaims} alone, without findings: for many claims of which most are broken. */
export function claimOutcomes(
  facts: ReachFacts,
  claims: readonly ReachClaim[],
  { steps = MOST_STEPS }: ProveReachOptions = {},
): ProofOutcome[] {
  const prover = proverOf(facts, steps);
  return claims.map((claim) => decide(claim, prover).outcome);
}

const MOST_STEPS = 30_000_000;

interface Prover {
  readonly facts: ReachFacts;
  readonly index: NamespaceIndex;
  /** By party. */
  readonly sides: Map<string, Side>;
  /** By what is asked; alike pairs of different claims share one. */
  readonly answers: Map<string, Answer>;
  readonly budget: Budget;
}

function proverOf(facts: ReachFacts, steps: number): Prover {
  return { facts, index: namespaceIndex(facts), sides: new Map(), answers: new Map(), budget: { steps } };
}

interface Decision {
  readonly claim: ReachClaim;
  readonly outcome: ProofOutcome;
  /** What breaks the claim, or might. */
  readonly question?: Question;
  readonly answer?: Answer;
  /** What the claim names and is not there, or cannot be judged. */
  readonly notes: readonly Finding[];
}

function decide(claim: ReachClaim, prover: Prover): Decision {
  const sides = [resolve(claim.from, prover), resolve(claim.to, prover, claim.ports ?? EVERY_PORT)] as const;
  const empty = emptiness(claim, sides, prover.facts);
  if (sides.some(isEmptySide) || sides.every((s) => s.block.length > 0) || claim.ports?.length === 0)
    return { claim, outcome: "vacuous", notes: empty };
  const unclear = sides.flatMap((side) => unclearParty(claim, side));
  const notes = [...unclear, ...empty];
  let doubt: Decision | undefined;
  let asked = unclear.length;
  for (const [question, answer] of answersTo(claim, sides, prover)) {
    if (answer.outcome === "no-family") continue;
    asked++;
    if (answer.outcome === "exists") return { claim, outcome: "broken", question, answer, notes: [] };
    if (answer.outcome !== "never") doubt ??= { claim, outcome: "unknown", question, answer, notes };
  }
  if (doubt !== undefined) return doubt;
  if (unclear.length > 0) return { claim, outcome: "unknown", notes };
  if (asked === 0) notes.push(emptyClaim(claim, ...NO_FLOW));
  return { claim, outcome: notes.length > 0 ? "vacuous" : "proved", notes };
}

function explain({ claim, outcome, question, answer, notes }: Decision, facts: ReachFacts): ReachProof {
  if (question === undefined || answer === undefined) return { claim, outcome, findings: notes };
  if (!("box" in answer)) return { claim, outcome, findings: [undecidedClaim(claim, question), ...notes] };
  const witness = pickWitness(question, answer.box, answer.family);
  const finding = outcome === "broken" ? brokenClaim : unprovedClaim;
  return { claim, outcome, findings: [finding(claim, question, answer, witness, facts), ...notes], witness };
}

/** What must be found for each outcome: a denied flow on the ports, an allowed one on them, or one on all others. */
function* answersTo(
  claim: ReachClaim,
  [from, to]: readonly [Side, Side],
  prover: Prover,
): Generator<readonly [Question, Answer]> {
  const space = addressSpace(claim, [from, to], prover.facts, prover.index);
  const claimed = spansOf(claim.ports ?? EVERY_PORT);
  for (const pair of pairsOf(from, to, space, prover.index))
    for (const search of searchesFor(claim.expect, pair.ports ?? claimed)) {
      const question = { ...search, from: pair.from, to: pair.to };
      const ports = search.ports.map((p) => `${p.first}-${p.last}`).join(",");
      yield [question, answered(question, `${search.search} ${ports} ${pair.key}`, prover)];
    }
}

function searchesFor(
  expect: ReachClaim["expect"],
  ports: readonly Span[],
): readonly Pick<Question, "search" | "ports">[] {
  if (expect === "no-reach") return [{ search: "allowed", ports }];
  const others = expect === "only" ? without(ALL_PORTS, ports) : [];
  const reaches = { search: "denied", ports } as const;
  return others.length > 0 ? [reaches, { search: "allowed", ports: others }] : [reaches];
}

function answered(question: Question, key: string, { answers, budget }: Prover): Answer {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = ask(question, budget);
  answers.set(key, answer);
  return answer;
}

function resolve(party: Party, { facts, index, sides }: Prover, ports?: readonly PortRange[]): Side {
  const key = JSON.stringify(party.kind === "workload" ? [party, ports] : party);
  const known = sides.get(key);
  if (known !== undefined) return known;
  const side = sideOf(party, facts, index, ports);
  sides.set(key, side);
  return side;
}

/** Findings for what the claim names and is not there. */
function emptiness(claim: ReachClaim, [from, to]: readonly [Side, Side], facts: ReachFacts): Finding[] {
  if (claim.ports?.length === 0)
    return [emptyClaim(claim, "it names no port", "leave ports out to mean all of them")];
  if (from.block.length > 0 && to.block.length > 0)
    return [
      emptyClaim(
        claim,
        "both sides are outside of the cluster",
        "name a workload or a namespace on one side",
      ),
    ];
  const same = claim.from === claim.to || formatParty(claim.from) === formatParty(claim.to);
  return (same ? [from] : [from, to]).flatMap((side) => emptyParty(claim, side, facts));
}

const EVERY_PORT = (["TCP", "UDP", "SCTP"] as const).map((protocol) => ({ protocol, from: 1, to: 65535 }));

const NO_FLOW = [
  "its sides have no two distinct pods, or no address family in common",
  "name another workload, or an address of a family that the pods have",
] as const;
