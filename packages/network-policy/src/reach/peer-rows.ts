import type { NormalPeer, NormalPolicy, NormalRule } from "../policy/normal.ts";
import { addBits, allBits, type BitRow, type Bits, noBits, setBit } from "./bits.ts";
import type { ByClass, Classes } from "./classes.ts";
import { NO, YES } from "./truth.ts";
import type { Family } from "./unit.ts";
import { blockKey, selectorKey } from "./vocabulary.ts";

/** The classes that rules speak of, as bit sets; each set is made once. */
export interface PeerRows {
  /** The classes that the peers of a rule match, in one family; all where it has none. */
  readonly ofRule: (policy: NormalPolicy, rule: NormalRule, family: Family) => BitRow;
  /** The classes of pods that declare a number under a name, by name and number; names that policies use. */
  readonly declared: ReadonlyMap<string, ReadonlyMap<number, Bits>>;
}

export function peerRows(classes: Classes): PeerRows {
  const size = classes.samples.length;
  const everyBit = allBits(size);
  const everyone: BitRow = { yes: everyBit, maybe: everyBit };
  const all = Array.from(classes.samples.keys());
  const pods = all.filter((c) => classes.samples[c]!.policed && classes.samples[c]!.namespace !== undefined);
  const inNamespace = new Map<string, number[]>();
  for (const c of pods) {
    const { namespace = "" } = classes.samples[c]!;
    const own = inNamespace.get(namespace);
    if (own === undefined) inNamespace.set(namespace, [c]);
    else own.push(c);
  }
  const ofPeer = (policy: NormalPolicy, peer: NormalPeer, family: Family): BitRow => {
    if (peer.kind === "block") return rowOf(size, all, classes.byBlock(peer, family));
    const byLabels = classes.byLabels(peer.pods);
    if (peer.namespaces === undefined) return rowOf(size, inNamespace.get(policy.namespace) ?? [], byLabels);
    return rowOf(size, pods, byLabels, classes.byNamespace(peer.namespaces));
  };
  const ofPeers = new Map<string, BitRow>();
  const ofRules = { 4: new Map<NormalRule, BitRow>(), 6: new Map<NormalRule, BitRow>() };
  return {
    ofRule: (policy, rule, family) => {
      if (rule.peers === undefined) return everyone;
      const known = ofRules[family].get(rule);
      if (known !== undefined) return known;
      const rows = rule.peers.map((peer) => {
        const key = peerKey(policy, peer, family);
        const row = ofPeers.get(key) ?? ofPeer(policy, peer, family);
        ofPeers.set(key, row);
        return row;
      });
      const row = union(rows, size);
      ofRules[family].set(rule, row);
      return row;
    },
    declared: declaredPorts(classes, pods),
  };
}

function peerKey(policy: NormalPolicy, peer: NormalPeer, family: Family): string {
  if (peer.kind === "block") return `${family} ${blockKey(peer)}`;
  const where = peer.namespaces === undefined ? `in ${policy.namespace}` : selectorKey(peer.namespaces);
  return `${where} / ${selectorKey(peer.pods)}`;
}

/** Those of `some` for which both answers hold. */
function rowOf(size: number, some: readonly number[], first: ByClass, second: ByClass = first): BitRow {
  const yes = noBits(size);
  let maybe: Bits | undefined;
  for (let i = 0; i < some.length; i++) {
    const c = some[i]!;
    const answer = Math.min(first[c]!, second[c]!);
    if (answer === YES) setBit(yes, c);
    else if (answer !== NO) {
      maybe ??= noBits(size);
      setBit(maybe, c);
    }
  }
  if (maybe === undefined) return { yes, maybe: yes };
  addBits(maybe, yes);
  return { yes, maybe };
}

function union(rows: readonly BitRow[], size: number): BitRow {
  if (rows.length === 1) return rows[0]!;
  const yes = noBits(size);
  for (const row of rows) addBits(yes, row.yes);
  if (rows.every((row) => row.maybe === row.yes)) return { yes, maybe: yes };
  const maybe = noBits(size);
  for (const row of rows) addBits(maybe, row.maybe);
  return { yes, maybe };
}

function declaredPorts(classes: Classes, pods: readonly number[]): Map<string, Map<number, Bits>> {
  const declared = new Map<string, Map<number, Bits>>();
  for (const c of pods)
    for (const { name, number, protocol } of classes.samples[c]!.ports) {
      if (name === undefined || protocol !== classes.protocol || !classes.portNames.has(name)) continue;
      const byNumber = declared.get(name) ?? new Map<number, Bits>();
      declared.set(name, byNumber);
      const bits = byNumber.get(number) ?? noBits(classes.samples.length);
      byNumber.set(number, bits);
      setBit(bits, c);
    }
  return declared;
}
