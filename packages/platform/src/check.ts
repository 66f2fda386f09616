import {
  applyPatches,
  type Claim,
  type Finding,
  type Inventory,
  type Locate,
  type Proof,
  type Resource,
  sortFindings,
  type Versions,
} from "@ashlar/core";
import { type NetworkModel, networkModel, proveReach, type ReachClaim } from "@ashlar/network-policy";
import type { Platform } from "./define-platform.ts";
import { rules } from "./rules.ts";

/** A set of objects and what is known beside them: what models and rules are asked about. */
export interface ObjectSet {
  readonly resources: readonly Resource[];
  readonly locate?: Locate;
  readonly versions?: Versions;
  readonly claims?: readonly Claim[];
  readonly podCidrs?: readonly string[];
  /** Namespaces of which only some labels are known. */
  readonly partialNamespaces?: readonly string[];
  /** The namespace of objects that name none. Default: `default`. */
  readonly defaultNamespace?: string;
}

export interface CheckReport {
  readonly findings: readonly Finding[];
  readonly proofs: readonly Proof[];
  readonly summary: CheckSummary;
}

export interface CheckSummary {
  readonly objects: number;
  readonly errors: number;
  readonly warnings: number;
  readonly claims: {
    readonly proved: number;
    readonly broken: number;
    readonly unknown: number;
    readonly vacuous: number;
  };
}

/** The objects of a platform as models see them: patches merged onto what they are for. */
export function objectSet(platform: Platform): ObjectSet {
  const { resources, partial } = applyPatches(platform.block.resources, platform.block.patches);
  return {
    resources,
    versions: platform.versions,
    claims: platform.block.claims,
    podCidrs: platform.podCidrs,
    partialNamespaces: partial.filter((ref) => ref.kind === "Namespace").map((ref) => ref.name),
  };
}

/** The network model of a set. */
export function networkOf(set: ObjectSet): NetworkModel {
  return networkModel(set.resources, {
    ...(set.locate && { locate: set.locate }),
    ...(set.partialNamespaces && { partialNamespaces: set.partialNamespaces }),
    ...(set.podCidrs && { podCidrs: set.podCidrs }),
    ...(set.defaultNamespace !== undefined && { defaultNamespace: set.defaultNamespace }),
  });
}

/** Holds a set against every rule, and its claims against the models. */
export function check(set: ObjectSet): CheckReport {
  const inventory: Inventory = {
    resources: set.resources,
    ...(set.locate && { locate: set.locate }),
    ...(set.versions && { versions: set.versions }),
  };
  const proofs = prove(set);
  const findings = sortFindings([
    ...rules.flatMap((rule) => rule.check(inventory)),
    ...proofs.flatMap((proof) => proof.findings),
  ]);
  return { findings, proofs, summary: summarize(set, findings, proofs) };
}

function prove(set: ObjectSet): Proof[] {
  const claims = (set.claims ?? []).filter(isReachClaim);
  return claims.length === 0 ? [] : proveReach(networkOf(set), claims);
}

function isReachClaim(claim: Claim): claim is ReachClaim {
  return claim.kind === "reach";
}

function summarize(set: ObjectSet, findings: readonly Finding[], proofs: readonly Proof[]): CheckSummary {
  const count = (outcome: Proof["outcome"]) => proofs.filter((p) => p.outcome === outcome).length;
  return {
    objects: set.resources.length,
    errors: findings.filter((f) => f.severity === "error").length,
    warnings: findings.filter((f) => f.severity === "warning").length,
    claims: {
      proved: count("proved"),
      broken: count("broken"),
      unknown: count("unknown"),
      vacuous: count("vacuous"),
    },
  };
}
