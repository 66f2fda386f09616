import type { Finding, Proof, Resource } from "@ashlar/core";
import { type AccessVerdict, can } from "../rbac/can.ts";
import type { AccessModel } from "../rbac/model.ts";
import { type AccessClaim, formatTarget } from "./claim.ts";
import { brokenClaim, emptyClaim, unprovedClaim } from "./proof-findings.ts";
import { requestsOf } from "./questions.ts";
import { type ResolvedTarget, type ServedTargets, servedTargets } from "./resolve-target.ts";

export interface AccessProof extends Proof<AccessClaim> {
  /** The verdict that breaks the claim or, when the outcome is `unknown`, might. */
  readonly verdict?: AccessVerdict;
}

export interface ProveAccessOptions {
  /** The whole set: its CustomResourceDefinitions are resources that claims may name. Absent: Kubernetes' own resources only. */
  readonly resources?: readonly Resource[];
}

/**
 * Proves claims about access by the model of the RBAC authorizer, which stands for any name and any namespace, also those to come.
 *
 * `broken`: a request of a `can` is denied, or one of a `cannot` allowed. `unknown`: a binding of the subject names a role that is
 * not in the set, and that role could decide. `vacuous`: no such resource, or no namespace. Every outcome but `proved` has findings:
 * `iam/broken-claim`, `iam/unproved-claim`, `iam/empty-claim`.
 *
 * A claim about a group is about who is in that group and no other: a user in two groups has the rights of both.
 *
 * @example proveAccess(accessModel(resources), claims)[0]?.outcome // "proved"
 */
export function proveAccess(
  model: AccessModel,
  claims: readonly AccessClaim[],
  { resources = [] }: ProveAccessOptions = {},
): AccessProof[] {
  const served = servedTargets(resources);
  return claims.map((claim) => prove(claim, model, served));
}

function prove(claim: AccessClaim, model: AccessModel, served: ServedTargets): AccessProof {
  const target = "path" in claim.target ? undefined : served.resolve(claim.target);
  const nothing =
    target !== undefined && "problem" in target
      ? emptyClaim(claim, target.problem, target.hint)
      : emptyScope(claim, target);
  if (nothing !== undefined) return { claim, outcome: "vacuous", findings: [nothing] };
  let doubt: AccessVerdict | undefined;
  for (const request of requestsOf(claim, target as ResolvedTarget | undefined, model)) {
    const verdict = can(model, request);
    if (!verdict.allowed && verdict.missing !== undefined) doubt ??= verdict;
    else if (verdict.allowed === (claim.expect === "cannot"))
      return { claim, outcome: "broken", findings: [brokenClaim(claim, verdict, model)], verdict };
  }
  if (doubt === undefined) return { claim, outcome: "proved", findings: [] };
  return { claim, outcome: "unknown", findings: [unprovedClaim(claim, doubt)], verdict: doubt };
}

/** Why the claim's place has nothing of the kind. */
function emptyScope(claim: AccessClaim, target: ResolvedTarget | undefined): Finding | undefined {
  const { scope } = claim;
  if (scope.kind !== "namespaces" || target === undefined) return undefined;
  if (scope.namespaces.length === 0)
    return emptyClaim(claim, `${scope.name} has no namespace`, "give it a namespace, or leave the claim out");
  if (!target.isClusterScoped) return undefined;
  const hint =
    target.resource === "namespaces"
      ? `write named ${scope.namespaces[0]} instead of in ${scope.name}`
      : `leave out "in ${scope.name}"`;
  return emptyClaim(claim, `${formatTarget(claim.target)} are in no namespace`, hint);
}
