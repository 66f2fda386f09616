import { type Labels, meets, type Requirement } from "@ashlar/core";
import { parseIp, rangeContains } from "../policy/ip.ts";
import type { NormalPeer, NormalRule } from "../policy/normal.ts";
import type { ReachWitness, WitnessEnd } from "./witness.ts";

/** Whether a peer of a rule of `self`'s policies matches the other end of a witness. */
export function peerMatches(rulePeer: NormalPeer, self: WitnessEnd, peer: WitnessEnd): boolean {
  if (rulePeer.kind === "block") {
    const address = parseIp(peer.address);
    if (address === undefined) return false;
    return (
      rangeContains(rulePeer.cidr, address) && !rulePeer.except.some((range) => rangeContains(range, address))
    );
  }
  if (peer.namespace === undefined) return false;
  const namespaceMatches =
    rulePeer.namespaces === undefined
      ? peer.namespace === self.namespace
      : selects(rulePeer.namespaces, peer.namespaceLabels ?? {});
  return namespaceMatches && selects(rulePeer.pods, peer.labels ?? {});
}

/** Whether a rule speaks of the port of a witness; names are those that its receiver declares. */
export function portAdmitted({ ports }: NormalRule, { protocol, port, to }: ReachWitness): boolean {
  if (ports === undefined) return true;
  return ports.some((entry) => {
    if (entry.protocol !== protocol) return false;
    if (entry.kind === "range") return entry.from <= port && port <= entry.to;
    return (to.ports ?? []).some(
      (p) => p.name === entry.name && p.protocol === protocol && p.number === port,
    );
  });
}

export function selects(selector: readonly Requirement[], labels: Labels): boolean {
  return selector.every((requirement) => meets(labels, requirement));
}
