import type { Labels } from "@ashlar/core";
import { formatIp, parseIp } from "../policy/ip.ts";
import type { Protocol } from "../policy/normal.ts";
import type { DeclaredPort, Family } from "../reach/unit.ts";
import { type Domain, intersect, isEmpty, type Numbers, onlyNumber } from "./domain.ts";
import type { End, Question } from "./question.ts";
import {
  addressOf,
  labelOf,
  namespaceLabelOf,
  opaqueLabelOf,
  PORT,
  portAt,
  type Role,
  sameNamespace,
} from "./reach-formula.ts";
import type { Box } from "./satisfy.ts";

/** A flow that shows why a claim is not proved: two concrete ends and a port. */
export interface ReachWitness {
  readonly from: WitnessEnd;
  readonly to: WitnessEnd;
  readonly protocol: Protocol;
  readonly port: number;
}

/** A pod, or (without namespace) an address outside of the cluster. */
export interface WitnessEnd {
  readonly namespace?: string;
  /** Labels of the namespace: the known ones, and those that the witness supposes. */
  readonly namespaceLabels?: Labels;
  /** Name of the pod or workload, when the claim is about one. */
  readonly name?: string;
  readonly labels?: Labels;
  readonly address: string;
  readonly ports?: readonly DeclaredPort[];
}

/** One flow out of an answer's box. Labels that do not matter are left out, and addresses are private where they may be. */
export function pickWitness(question: Question, box: Box, family: Family): ReachWitness {
  const { protocol, port } = portAt(firstNumber(box.get(PORT)));
  const declared: DeclaredPort[] = [];
  for (const [variable, domain] of box) {
    const name = /^to declares (TCP|UDP|SCTP)\/(.*)$/s.exec(variable);
    if (name !== null && name[1] === protocol && pickWord(domain) === "yes")
      declared.push({ name: name[2]!, protocol, number: port });
  }
  const open = addressesIn("to", question, box, family);
  const from = pickAddress(addressesIn("from", question, box, family), family, onlyNumber(open));
  const to = pickAddress(open, family, from);
  return {
    from: witnessEnd("from", question, box, formatIp(family, from), []),
    to: witnessEnd("to", question, box, formatIp(family, to), declared),
    protocol,
    port,
  };
}

/** The labels that a box demands of an end that chooses its own. */
export function chosenLabels(role: Role, box: Box): Labels {
  return wordsWith(labelOf(role, ""), box);
}

/** The unknown namespace labels that a box supposes, `undefined` for a label that must be absent. */
export function supposedLabels(
  role: Role,
  question: Question,
  box: Box,
): ReadonlyMap<string, string | undefined> {
  const { from, to } = question;
  const holder = sameNamespace({ from: from.subject, to: to.subject, family: 4 }) ? "from" : role;
  return demanded(namespaceLabelOf(holder, ""), box);
}

function witnessEnd(
  role: Role,
  question: Question,
  box: Box,
  address: string,
  declared: readonly DeclaredPort[],
): WitnessEnd {
  const { subject }: End = question[role];
  if (subject.kind === "address") return { address };
  const { name, facts } = subject.namespace;
  const namespaceLabels: Record<string, string> = { ...facts.labels };
  for (const [key, value] of supposedLabels(role, question, box))
    if (value !== undefined) namespaceLabels[key] = value;
  const place = { namespace: name, namespaceLabels, address };
  if (subject.kind === "pod")
    return {
      ...place,
      name: subject.pod.name,
      labels: { ...subject.pod.labels.labels, ...wordsWith(opaqueLabelOf(role, ""), box) },
      ports: subject.pod.ports,
    };
  return { ...place, labels: chosenLabels(role, box), ports: declared };
}

function wordsWith(prefix: string, box: Box): Labels {
  return Object.fromEntries(
    [...demanded(prefix, box)].filter((e): e is [string, string] => e[1] !== undefined),
  );
}

function demanded(prefix: string, box: Box): Map<string, string | undefined> {
  const words = new Map<string, string | undefined>();
  for (const [variable, domain] of box)
    if (variable.startsWith(prefix)) words.set(variable.slice(prefix.length), pickWord(domain));
  return words;
}

/** Absence where it is possible, else a named word, else one that nobody names. */
function pickWord(domain: Domain): string | undefined {
  if (domain.kind !== "words") return undefined;
  if (domain.members.has(undefined) !== domain.negated) return undefined;
  if (!domain.negated) return [...domain.members][0];
  for (let i = 0; ; i++) {
    const word = i === 0 ? "other" : `other-${i}`;
    if (!domain.members.has(word)) return word;
  }
}

const PREFERRED: Readonly<Record<Family, readonly string[]>> = {
  4: ["10.0.0.1", "10.0.0.2"],
  6: ["fd00::1", "fd00::2"],
};

/** The addresses of a box that this end may have: the box may be the answer for another end, alike but for its address. */
function addressesIn(role: Role, question: Question, box: Box, family: Family): Domain {
  const own = question[role].addresses.get(family)!;
  const common = intersect(own, box.get(addressOf(role, family)) ?? own);
  return isEmpty(common) ? own : common;
}

function pickAddress(domain: Domain, family: Family, taken: bigint | undefined): bigint {
  const { ranges } = domain as Numbers;
  for (const text of PREFERRED[family]) {
    const value = parseIp(text)!.first;
    if (value !== taken && ranges.some((r) => r.first <= value && value <= r.last)) return value;
  }
  for (const { first, last } of ranges) {
    if (first !== taken) return first;
    if (first < last) return first + 1n;
  }
  return ranges[0]!.first;
}

function firstNumber(domain: Domain | undefined): bigint {
  return (domain as Numbers).ranges[0]!.first;
}
