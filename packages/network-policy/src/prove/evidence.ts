import { type Labels, meets, type Requirement } from "@ashlar/core";
import { parseIp } from "../policy/ip.ts";
import type { Direction, NormalPeer, NormalPolicy, NormalRule } from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";
import type { NamespaceView } from "./reach-formula.ts";
import type { ReachWitness, WitnessEnd } from "./witness.ts";

/** Why one direction of a witness is allowed or denied. */
export type Evidence =
  | { readonly kind: "outside" }
  /** No policy isolates the pod in this direction. */
  | { readonly kind: "open" }
  /** The rule, and the peer of it, that admits; `path` names the peer, or the rule when it has none. */
  | {
      readonly kind: "admitted";
      readonly policy: NormalPolicy;
      readonly path: string;
      readonly rulePath: string;
    }
  /** The policies that isolate the pod; `near`: a rule that admits the peer, but on other ports. */
  | {
      readonly kind: "refused";
      readonly policies: readonly NormalPolicy[];
      readonly near?: { readonly policy: NormalPolicy; readonly path: string };
    }
  /** An uninterpretable policy selects the pod and may decide. */
  | { readonly kind: "doubt"; readonly invalid: InvalidPolicy };

/** Evaluates the policies of one end's namespace on a witness, as the NetworkPolicy API defines them. */
export function evidenceFor(
  direction: Direction,
  witness: ReachWitness,
  namespace: NamespaceView | undefined,
): Evidence {
  const [self, peer] = direction === "egress" ? [witness.from, witness.to] : [witness.to, witness.from];
  if (namespace === undefined) return { kind: "outside" };
  const labels = self.labels ?? {};
  const policies = namespace[direction].filter((p) => selects(p.podSelector, labels));
  let near: { policy: NormalPolicy; path: string } | undefined;
  for (const policy of policies)
    for (const rule of policy[direction] ?? []) {
      const path = admittingPeer(rule, self, peer);
      if (path === undefined) continue;
      if (portAdmitted(rule, witness)) return { kind: "admitted", policy, path, rulePath: rule.path };
      near ??= { policy, path: rule.path };
    }
  const invalid = namespace.invalid.find(
    (p) => p.directions.includes(direction) && selects(p.podSelector ?? [], labels),
  );
  if (invalid !== undefined) return { kind: "doubt", invalid };
  if (policies.length === 0) return { kind: "open" };
  return { kind: "refused", policies, ...(near && { near }) };
}

/** The path of the first peer that admits, of the rule itself when it admits everyone, or nothing. */
function admittingPeer(rule: NormalRule, self: WitnessEnd, peer: WitnessEnd): string | undefined {
  if (rule.peers === undefined) return rule.path;
  return rule.peers.find((p) => peerMatches(p, self, peer))?.path;
}

function peerMatches(rulePeer: NormalPeer, self: WitnessEnd, peer: WitnessEnd): boolean {
  if (rulePeer.kind === "block") {
    const address = parseIp(peer.address);
    if (address === undefined) return false;
    const inside = ({ family, first, last }: NonNullable<typeof address>) =>
      family === address.family && first <= address.first && address.first <= last;
    return inside(rulePeer.cidr) && !rulePeer.except.some(inside);
  }
  if (peer.namespace === undefined) return false;
  const namespaceMatches =
    rulePeer.namespaces === undefined
      ? peer.namespace === self.namespace
      : selects(rulePeer.namespaces, peer.namespaceLabels ?? {});
  return namespaceMatches && selects(rulePeer.pods, peer.labels ?? {});
}

function portAdmitted({ ports }: NormalRule, { protocol, port, to }: ReachWitness): boolean {
  if (ports === undefined) return true;
  return ports.some((entry) => {
    if (entry.protocol !== protocol) return false;
    if (entry.kind === "range") return entry.from <= port && port <= entry.to;
    return (to.ports ?? []).some(
      (p) => p.name === entry.name && p.protocol === protocol && p.number === port,
    );
  });
}

function selects(selector: readonly Requirement[], labels: Labels): boolean {
  return selector.every((requirement) => meets(labels, requirement));
}
