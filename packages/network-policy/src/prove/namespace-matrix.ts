import type { PortRange } from "../policy/ports.ts";
import type { NetworkModel } from "../reach/model.ts";
import { formatReachClaim, type Party, type ReachClaim } from "./claim.ts";
import { reachOutcomes } from "./prove-reach.ts";

/** `all`: every pod that could exist reaches every one on every port; `none`: none any; `some`: neither. */
export type NamespaceReach = "all" | "none" | "some" | "unknown";

export interface NamespaceMatrix {
  readonly namespaces: readonly string[];
  /** `cells[from][to]`, by position in `namespaces`. */
  readonly cells: readonly (readonly NamespaceReach[])[];
}

export interface NamespaceMatrixOptions {
  /** Absent: every port of TCP, UDP and SCTP. */
  readonly ports?: readonly PortRange[];
}

/**
 * Which namespace reaches which, for every pod that could exist in them: each cell is proved, not sampled.
 *
 * @example
 * const { namespaces, cells } = namespaceMatrix(networkModel(resources));
 * cells[namespaces.indexOf("dev")]?.[namespaces.indexOf("prod")]; // "none"
 */
export function namespaceMatrix(
  model: NetworkModel,
  { ports }: NamespaceMatrixOptions = {},
): NamespaceMatrix {
  const namespaces = [...model.namespaces.keys()].sort();
  const claim = (from: string, to: string, expect: ReachClaim["expect"]) =>
    formatReachClaim({ by: "matrix", expect, from: party(from), to: party(to), ...(ports && { ports }) });
  const pairs = namespaces.flatMap((from) => namespaces.map((to) => [from, to] as const));
  const outcomes = reachOutcomes(
    model,
    pairs.flatMap(([from, to]) => [claim(from, to, "reach"), claim(from, to, "no-reach")]),
  );
  const cells = namespaces.map((_, row) =>
    namespaces.map((_, column): NamespaceReach => {
      const at = 2 * (row * namespaces.length + column);
      const [open, shut] = [outcomes[at], outcomes[at + 1]];
      if (open === "proved") return "all";
      if (shut === "proved") return "none";
      return open === "broken" && shut === "broken" ? "some" : "unknown";
    }),
  );
  return { namespaces, cells };
}

function party(namespace: string): Party {
  return { kind: "namespaces", name: `ns:${namespace}`, namespaces: [namespace] };
}
