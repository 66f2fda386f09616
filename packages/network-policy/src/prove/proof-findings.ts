import { type Finding, formatRef, type Related, refOf, suggest } from "@ashlar/core";
import type { Direction } from "../policy/normal.ts";
import { formatParty, type Party, type ReachClaim } from "./claim.ts";
import { describeEnd, describePorts } from "./describe-flow.ts";
import { type Evidence, evidenceFor } from "./evidence.ts";
import type { ReachFacts } from "./facts.ts";
import { mendText, nearText } from "./mend-rule.ts";
import { missingFacts } from "./missing-facts.ts";
import type { Found, Question } from "./question.ts";
import type { Side } from "./sides.ts";
import type { ReachWitness } from "./witness.ts";

/** What one direction of the counter-example says, at the end whose policies decide it. */
interface Half {
  readonly direction: Direction;
  /** The namespace whose policies decide; `undefined` outside of the cluster. */
  readonly namespace: string | undefined;
  readonly evidence: Evidence;
}

/** A counter-example, what decides it in both directions, and the edit that would mend it. */
export function brokenClaim(
  claim: ReachClaim,
  question: Question,
  found: Found,
  witness: ReachWitness,
  facts: ReachFacts,
): Finding {
  const halves = halvesOf(question, witness);
  const decider = decidingHalf(question, halves);
  return {
    code: "network-policy/broken-claim",
    severity: "error",
    message: `${quoted(claim)} is broken: ${flowText(claim, question, found)}; ${halves.flatMap(reasonOf).join("; ")}`,
    hint: remedy(decider, found, witness, claim),
    ...placeOf(decider, facts),
    related: [
      ...isolatingBeside(decider, facts),
      ...halves.filter((half) => half !== decider).flatMap((half) => relatedTo(half, facts)),
    ],
  };
}

/** A counter-example that hangs on facts that are not known. */
export function unprovedClaim(
  claim: ReachClaim,
  question: Question,
  found: Found,
  witness: ReachWitness,
  facts: ReachFacts,
): Finding {
  const halves = halvesOf(question, witness);
  const missing = missingFacts(question, found);
  return {
    ...unproved,
    message: `${quoted(claim)} is not proved: ${flowText(claim, question, found)} if ${missing.suppositions.join(" and ")}`,
    hint: missing.remedies.join("; "),
    ...placeOf(decidingHalf(question, halves), facts),
    related: missing.related,
  };
}

/** The search for a counter-example was given up. */
export function undecidedClaim(claim: ReachClaim, question: Question): Finding {
  const names = [question.from, question.to].flatMap(({ subject }) =>
    subject.kind === "address" ? [] : [subject.namespace.name],
  );
  return {
    ...unproved,
    message: `${quoted(claim)} is not proved: the policies of ${[...new Set(names)].join(" and ")} distinguish too many cases to search them all`,
    hint: "name single workloads or ports in the claim, or raise the option `steps`",
    path: "",
  };
}

/** A party has pods of which nothing can be said, or means pods that cannot be found. */
export function unclearParty(claim: ReachClaim, { unclear: [pod], problem, party }: Side): Finding[] {
  const finding = (what: string, why: string, hint: string) => ({
    ...{ ...unproved, message: `${quoted(claim)} is not proved for ${what}: ${why}`, hint, path: "" },
    ...(pod?.resource && { subject: refOf(pod.resource) }),
  });
  if (pod?.broken !== undefined) return [finding(pod.name, pod.broken, "correct the object")];
  if (pod !== undefined) return [finding(pod.name, ON_HOST, "claim it of pods without hostNetwork")];
  if (problem !== undefined)
    return [finding(formatParty(party), problem, "correct the Service, or name its pods' workload")];
  return [];
}

const ON_HOST = "it has hostNetwork: true, so that its traffic is its node's, which policies do not govern";

/** The claim speaks of pods, namespaces, ports or flows that do not exist. */
export function emptyClaim(claim: ReachClaim, what: string, hint: string): Finding {
  return {
    code: "network-policy/empty-claim",
    severity: "error",
    message: `${quoted(claim)} says nothing: ${what}`,
    hint,
    path: "",
  };
}

/** Findings for what a party names and the set does not have. */
export function emptyParty(claim: ReachClaim, side: Side, facts: ReachFacts): Finding[] {
  const { party, missing } = side;
  if (party.kind === "block") {
    if (side.block.length > 0) return [];
    return [emptyClaim(claim, `"${party.cidr}" is no address and no CIDR`, "write 10.0.0.0/8 or internet")];
  }
  if (party.kind === "workload") {
    if (side.groups.length > 0 || side.unclear.length > 0) return [];
    const what = side.problem ?? `the set has no pod or workload "${party.ref}"`;
    return [emptyClaim(claim, what, "correct the name, or add the object to the set")];
  }
  if (party.namespaces.length === 0)
    return [
      emptyClaim(claim, `${party.name} has no namespace`, "give it a namespace, or leave the claim out"),
    ];
  return missing.map((name) =>
    emptyClaim(
      claim,
      `the set has no namespace "${name}"${party.name === `ns:${name}` ? "" : ` (of ${party.name})`}`,
      `add its Namespace object, or correct the name: ${suggest(name, facts.namespaces.keys())}`,
    ),
  );
}

const unproved = { code: "network-policy/unproved-claim", severity: "error" } as const;

function quoted(claim: ReachClaim): string {
  return `claim "${claim.text}" (${claim.by})`;
}

function halvesOf({ from, to }: Question, witness: ReachWitness): readonly Half[] {
  return [["egress", from] as const, ["ingress", to] as const].map(([direction, { subject }]) => {
    const namespace = subject.kind === "address" ? undefined : subject.namespace;
    return { direction, namespace: namespace?.name, evidence: evidenceFor(direction, witness, namespace) };
  });
}

/** The half to change: what refuses, or (to close) the receiver's side, as that is where a firewall stands. */
function decidingHalf({ search }: Question, [egress, ingress]: readonly Half[]): Half {
  if (search === "denied") return ingress!.evidence.kind === "refused" ? ingress! : egress!;
  return ingress!.evidence.kind === "outside" ? egress! : ingress!;
}

function flowText(claim: ReachClaim, question: Question, { box, family }: Found): string {
  const from = describeEnd("from", question, box, family, claim.from);
  const to = describeEnd("to", question, box, family, claim.to);
  const verb = question.search === "allowed" ? "reaches" : "does not reach";
  return `${from} ${verb} ${to} on ${describePorts(box)}${family === 6 ? " over IPv6" : ""}`;
}

function reasonOf({ direction, namespace, evidence }: Half): string[] {
  switch (evidence.kind) {
    case "outside":
      return [];
    case "open":
      return [`no policy in ${namespace} isolates it for ${direction}`];
    case "admitted":
      return [`${formatRef(evidence.policy.ref)} admits it by ${evidence.path}`];
    case "refused": {
      const [policy, ...others] = evidence.policies;
      const [who, does, has] =
        others.length > 0 ? [` and ${others.length} more`, "isolate", "have"] : ["", "isolates", "has"];
      const near = evidence.near ? `; ${nearText(evidence.near)}` : "";
      return [
        `${formatRef(policy!.ref)}${who} ${does} it for ${direction} and ${has} no rule that admits it${near}`,
      ];
    }
    case "doubt":
      return [`${formatRef(evidence.invalid.ref)} cannot be read (${evidence.invalid.path})`];
  }
}

function placeOf(
  { direction, namespace, evidence }: Half,
  { locate, namespaces }: ReachFacts,
): Pick<Finding, "path" | "subject" | "at"> {
  const decider = decidingField(direction, evidence);
  if (decider === undefined && namespace === undefined) return { path: "" };
  const subject = decider?.policy.ref ?? { apiVersion: "v1", kind: "Namespace", name: namespace ?? "" };
  const resource = decider?.policy.resource ?? namespaces.get(namespace ?? "")?.resource;
  const path = decider?.path ?? "";
  const at = resource && locate?.(resource, path);
  return { path, subject, ...(at && { at }) };
}

function relatedTo(half: Half, facts: ReachFacts): Related[] {
  if (decidingField(half.direction, half.evidence) === undefined) return [];
  return reasonOf(half).map((message) => ({ message, ...placeOf(half, facts) }));
}

/** The policies that isolate the pod, beside the one that the finding is about. */
function isolatingBeside({ direction, evidence }: Half, { locate }: ReachFacts): Related[] {
  if (evidence.kind !== "refused") return [];
  const subject = decidingField(direction, evidence)?.policy;
  const path = "spec.podSelector";
  return evidence.policies
    .filter((policy) => policy !== subject)
    .map(({ ref, resource }) => {
      const at = locate?.(resource, path);
      const message = `${formatRef(ref)} isolates it for ${direction}`;
      return { message, subject: ref, path, ...(at && { at }) };
    });
}

function decidingField(direction: Direction, evidence: Evidence) {
  switch (evidence.kind) {
    case "admitted":
      return { policy: evidence.policy, path: evidence.path };
    case "refused":
      return evidence.near ?? { policy: evidence.policies[0]!, path: `spec.${direction}` };
    case "doubt":
      return { policy: evidence.invalid, path: evidence.invalid.path };
    default:
      return undefined;
  }
}

function remedy(
  { direction, namespace, evidence }: Half,
  found: Found,
  witness: ReachWitness,
  claim: ReachClaim,
): string {
  const ports = describePorts(found.box);
  const type = direction === "ingress" ? "Ingress" : "Egress";
  if (evidence.kind === "refused") {
    const party = direction === "ingress" ? claim.from : claim.to;
    const peer = peerText(direction, witness, party);
    const field = direction === "ingress" ? "from" : "to";
    const { near } = evidence;
    if (near) return mendText(near, field, ports, party.kind === "workload" ? undefined : peer);
    return `add a rule to spec.${direction} of ${formatRef(evidence.policies[0]!.ref)}: ${field}: [${peer}]`;
  }
  if (evidence.kind === "admitted")
    return `remove ${evidence.path} of ${formatRef(evidence.policy.ref)}, or narrow it so that it admits less`;
  if (evidence.kind === "doubt")
    return `correct ${formatRef(evidence.invalid.ref)}: ${evidence.invalid.message}`;
  return `add a NetworkPolicy in ${namespace} with policyTypes: [${type}] that selects these pods and admits only what may pass`;
}

/** The peer entry that would admit the other end. */
function peerText(direction: Direction, witness: ReachWitness, party: Party): string {
  const { namespace, address } = direction === "ingress" ? witness.from : witness.to;
  if (namespace !== undefined)
    return `{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } } }`;
  const cidr = party.kind === "block" && party.cidr.includes("/") ? party.cidr : blockAround(address, party);
  return `{ ipBlock: { cidr: ${cidr} } }`;
}

function blockAround(address: string, party: Party): string {
  const isV6 = address.includes(":");
  if (party.kind === "block" && party.cidr === "internet") return isV6 ? "::/0" : "0.0.0.0/0";
  return `${address}/${isV6 ? 128 : 32}`;
}
