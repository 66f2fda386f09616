import type { Requirement } from "@ashlar/core";
import type { BlockPeer, NormalPolicy, Protocol } from "../policy/normal.ts";
import type { InvalidPolicy } from "../policy/normalize.ts";

/** Everything by which the policies of a model can tell units apart. */
export interface Vocabulary {
  /** Label keys of pod selectors, of policies and of peers. */
  readonly podKeys: ReadonlySet<string>;
  readonly namespaceSelectors: readonly (readonly Requirement[])[];
  readonly blocks: readonly BlockPeer[];
  /** Names of ports, of one protocol. */
  readonly portNames: ReadonlySet<string>;
}

/** `portName` is one that the question uses, beside those of the policies. */
export function readVocabulary(
  policies: readonly NormalPolicy[],
  invalid: readonly InvalidPolicy[],
  protocol: Protocol,
  portName?: string,
): Vocabulary {
  const podKeys = new Set(invalid.flatMap((p) => p.podSelector ?? []).map((r) => r.key));
  const namespaceSelectors = new Map<string, readonly Requirement[]>();
  const blocks = new Map<string, BlockPeer>();
  const portNames = new Set<string>(portName === undefined ? [] : [portName]);
  for (const policy of policies) {
    for (const { key } of policy.podSelector) podKeys.add(key);
    for (const rule of [...(policy.ingress ?? []), ...(policy.egress ?? [])]) {
      for (const peer of rule.peers ?? []) {
        if (peer.kind === "block") blocks.set(blockKey(peer), peer);
        else {
          for (const { key } of peer.pods) podKeys.add(key);
          if (peer.namespaces !== undefined)
            namespaceSelectors.set(selectorKey(peer.namespaces), peer.namespaces);
        }
      }
      for (const port of rule.ports ?? [])
        if (port.kind === "name" && port.protocol === protocol) portNames.add(port.name);
    }
  }
  return {
    podKeys,
    namespaceSelectors: [...namespaceSelectors.values()],
    blocks: [...blocks.values()],
    portNames,
  };
}

/** A selector as a text that equal selectors share. */
export const selectorKey = remembered((requirements: readonly Requirement[]) =>
  requirements.map((r) => `${r.key} ${r.operator} ${r.values.join()}`).join(";"),
);

/** A block with its exceptions as a text that equal blocks share. */
export const blockKey = remembered(({ cidr, except }: BlockPeer) =>
  [cidr, ...except].map((r) => `${r.family}:${r.first}-${r.last}`).join(),
);

/** The same selectors and blocks are looked up for each direction, port and protocol. */
function remembered<T extends object>(textOf: (value: T) => string): (value: T) => string {
  const known = new WeakMap<T, string>();
  return (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const text = textOf(value);
    known.set(value, text);
    return text;
  };
}
